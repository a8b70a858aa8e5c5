"""Whether a configuration gives the default's results."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import jax
import numpy as np
from jax import numpy as jnp


def fetched(outputs: Sequence[Any]) -> list[Any]:
    """Outputs as numpy arrays."""
    keys = jax.dtypes.prng_key
    return [np.asarray(jax.random.key_data(x) if jnp.issubdtype(x.dtype, keys) else x) for x in outputs]


def difference(expected: Sequence[Any], found: Sequence[Any]) -> str:
    """The first output that differs, in words; empty where all agree.

    Layouts change in which order a sum is taken. So half the digits of a floating-point type must agree, relative to an
    output's largest value; other types must be equal.
    """
    for number, (one, other) in enumerate(zip(expected, found, strict=True)):
        if one.shape != other.shape or not _agree(one, other):
            return f"others in output {number} ({other.dtype.name} {list(other.shape)})"
    return ""


def _agree(one: Any, other: Any) -> bool:
    if not jnp.issubdtype(one.dtype, jnp.inexact):
        return bool(np.array_equal(one, other))
    wide = np.complex128 if jnp.issubdtype(one.dtype, jnp.complexfloating) else np.float64
    tolerance = float(jnp.finfo(one.dtype).eps) ** 0.5
    one, other = one.astype(wide), other.astype(wide)
    largest = np.abs(one[np.isfinite(one)]).max(initial=0.0)
    return bool(np.allclose(other, one, rtol=tolerance, atol=tolerance * largest, equal_nan=True))
