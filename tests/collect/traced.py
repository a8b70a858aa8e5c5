"""The small JAX programs of the readers' tests, traced."""

from __future__ import annotations

from functools import cache
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from tests.hlo.programs import PROGRAMS
from tpugraph_db.collect.program import Program


@cache
def traced(name: str) -> Program:
    """A program on seeded arrays."""
    function, shapes = PROGRAMS[name]
    leaves, tree = jax.tree.flatten(jax.tree.map(array, shapes))
    closed = jax.make_jaxpr(lambda *a: function(*jax.tree.unflatten(tree, a)))(*leaves)
    return Program(name, closed.jaxpr, (*closed.consts, *leaves))


def direct(name: str) -> list[Any]:
    """What the program gives when nothing is evaluated again."""
    function, shapes = PROGRAMS[name]
    return jax.tree.leaves(jax.jit(function)(*jax.tree.map(array, shapes)))


def array(shape: Any) -> Any:
    random = np.random.default_rng(0)
    if jnp.issubdtype(shape.dtype, jnp.integer):
        return jnp.asarray(random.integers(0, 2, shape.shape), shape.dtype)
    return jnp.asarray(random.normal(size=shape.shape), shape.dtype)
