"""What may stand for ``$name``, the same on every engine."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

import numpy as np

from tpugraph_db.errors import QueryError

_INTEGERS = -(2**63), 2**63 - 1
_EXPECTED = "None, bool, int, float, str, a date, time or timedelta, a list, a dict, or a numpy number or array"


def plain(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters in Python's own types: numpy's numbers and arrays, tuples and mappings become them.

    Raises:
        QueryError: a value has no counterpart in Cypher; names the parameter.
    """
    return {name: _plain(value, name) for name, value in parameters.items()}


def _plain(value: Any, where: str) -> Any:
    match value:
        case None | bool() | float():
            return float(value) if isinstance(value, np.float64) else value
        case int():
            return _integer(value, where)
        case str():
            return _text(value, where)
        case np.ndarray():
            return _plain(value.tolist(), where)
        case np.generic():
            return _plain(value.item(), where)
        case list() | tuple():
            return [_plain(item, where) for item in value]
        case Mapping():
            return {_key(key, where): _plain(item, f"{where}.{key}") for key, item in value.items()}
        case datetime.date() | datetime.timedelta():  # a datetime is a date
            return value
        case datetime.time() if value.tzinfo is None:  # the neo4j driver cannot send one with a zone
            return value
    raise QueryError(f"${where}: a {type(value).__name__} has no counterpart in Cypher; expected {_EXPECTED}")


def _integer(value: int, where: str) -> int:
    if not _INTEGERS[0] <= value <= _INTEGERS[1]:
        raise QueryError(f"${where}: expected an integer of 64 bits, found {value}")
    return int(value)


def _text(value: str, where: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise QueryError(f"${where}: expected text, found half a surrogate pair at {error.start}") from error
    return str(value)


def _key(key: Any, where: str) -> str:
    if isinstance(key, str):
        return key
    raise QueryError(f"${where}: expected a dict whose keys are text, found the key {key!r}")
