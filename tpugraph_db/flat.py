"""Dataclasses of arrays as one flat table of named arrays, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, TypeVar, cast, get_type_hints

import numpy as np
from numpy.typing import NDArray

Made = TypeVar("Made")


def arrays(value: Any, prefix: str) -> dict[str, NDArray[Any]]:
    """Every array of a dataclass, and of the dataclasses in it, by its dotted name.

    >>> from tpugraph_db.packed import Strings
    >>> list(arrays(Strings.of(["a"]), "names"))
    ['names.data', 'names.offsets']
    """
    found: dict[str, NDArray[Any]] = {}
    for field in fields(value):
        part = getattr(value, field.name)
        name = f"{prefix}.{field.name}"
        if isinstance(part, np.ndarray):
            found[name] = part
        elif is_dataclass(part):
            found |= arrays(part, name)
    return found


def scalars(value: Any) -> dict[str, str | int]:
    """The other fields of the dataclass itself."""
    kept = {field.name: getattr(value, field.name) for field in fields(value)}
    return {name: part for name, part in kept.items() if isinstance(part, str | int)}


def restored(
    kind: type[Made], prefix: str, arrays: Mapping[str, NDArray[Any]], scalars: Mapping[str, Any] | None = None
) -> Made:
    """The dataclass whose :func:`arrays` and :func:`scalars` these are.

    Raises:
        KeyError: one is missing.
    """
    made: dict[str, Any] = {}
    for name, hint in _hints(cast(Any, kind)).items():
        place = f"{prefix}.{name}"
        if hint in (str, int):
            made[name] = (scalars or {})[name]
        else:
            made[name] = restored(cast(type, hint), place, arrays) if is_dataclass(hint) else arrays[place]
    return kind(**made)


@cache
def _hints(kind: Any) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}
