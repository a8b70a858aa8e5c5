"""Read-only arrays, and equality of dataclasses that hold them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Array = TypeVar("Array", bound=NDArray[Any])


def frozen(array: Array) -> Array:
    """A view of ``array`` that cannot be written through; the data is shared."""
    view = array.view()
    view.flags.writeable = False
    return view


def freeze_arrays(record: Any) -> None:
    """Make every array field of a frozen dataclass read-only (called in ``__post_init__``)."""
    for field in fields(record):
        value = getattr(record, field.name)
        if isinstance(value, np.ndarray):
            object.__setattr__(record, field.name, frozen(value))


def same_fields(one: Any, other: Any) -> bool:
    """Whether two dataclasses of one type agree in every compared field, arrays by dtype, shape and bits."""
    if type(one) is not type(other):
        return False
    return all(_same(getattr(one, f.name), getattr(other, f.name)) for f in fields(one) if f.compare)


def _same(a: Any, b: Any) -> bool:
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    if isinstance(a, np.ndarray) or isinstance(b, np.ndarray):
        return False
    return bool(a == b)


@dataclass(frozen=True, eq=False)
class Arrays:
    """Base of the frozen dataclasses that hold arrays: read-only, equal by :func:`same_fields`, without a hash."""

    def __post_init__(self) -> None:
        freeze_arrays(self)

    __hash__ = None  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        return same_fields(self, other)
