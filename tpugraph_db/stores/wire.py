"""What a store's server and its clients send each other: JSON, and in it every value of :mod:`values`.

Nothing that comes from a socket is ever unpickled.
"""

from __future__ import annotations

import datetime
import json
import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from tpugraph_db.stores.values import Node, Path, Relationship

PROTOCOL = 1
"""Counted up when the messages change."""

PIECE_BYTES = 256 << 10
PIECE_SECONDS = 0.1
"""Rows go out when so many bytes of them wait, or the first of them has waited so long."""


class Codec:
    """Values to text and back.

    What JSON has no word for is an object with one ``key``. It is made up for a single exchange, so that no map in a
    query or in the store has it.
    """

    def __init__(self, key: str | None = None) -> None:
        self.key = key or secrets.token_hex(8)
        self.encode = json.JSONEncoder(default=self._special, separators=(",", ":"), check_circular=False).encode
        self._decode = json.JSONDecoder(object_hook=self._found).decode

    def decode(self, data: bytes) -> Any:
        """The value that an :meth:`encode` with the same key was given; tuples are lists now."""
        return self._decode(data.decode())

    def _special(self, value: Any) -> dict[str, Any]:
        kind = type(value).__name__
        if kind not in _PARTS:
            raise TypeError(f"a {kind} does not travel")
        return {self.key: [kind, _PARTS[kind](value)]}

    def _found(self, found: dict[str, Any]) -> Any:
        special = found.get(self.key)
        return found if special is None else _MAKERS[special[0]](special[1])


def pieces(texts: Iterable[str]) -> Iterator[str]:
    """Texts of values as texts of lists of them, few or many in each, the first one at once."""
    waiting: list[str] = []
    size, due = 0, 0.0
    for text in texts:
        waiting.append(text)
        size += len(text)
        if size >= PIECE_BYTES or time.monotonic() >= due:
            yield f"[{','.join(waiting)}]"
            waiting, size, due = [], 0, time.monotonic() + PIECE_SECONDS
    if waiting:
        yield f"[{','.join(waiting)}]"


def _iso(value: Any) -> Any:
    return value.isoformat()


_PARTS: dict[str, Callable[[Any], Any]] = {
    "Node": lambda n: (n.labels, n.properties, n.element_id),
    "Relationship": lambda r: (r.type, r.properties, r.start_id, r.end_id),
    "Path": lambda p: (p.nodes, p.relationships),
    "date": _iso,
    "datetime": _iso,
    "time": _iso,
    "timedelta": lambda t: (t.days, t.seconds, t.microseconds),
}

_MAKERS: dict[str, Callable[[Any], Any]] = {
    "Node": lambda parts: Node(tuple(parts[0]), *parts[1:]),
    "Relationship": lambda parts: Relationship(*parts),
    "Path": lambda parts: Path(*map(tuple, parts)),
    "date": datetime.date.fromisoformat,
    "datetime": datetime.datetime.fromisoformat,
    "time": datetime.time.fromisoformat,
    "timedelta": lambda parts: datetime.timedelta(*parts),
}
