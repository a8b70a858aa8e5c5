"""A query with a name: what it takes, what it gives, its text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tpugraph_db.errors import UsageError, did_you_mean

SCALARS: dict[str, type] = {"int": int, "float": float, "string": str, "bool": bool}
TYPES = (*SCALARS, "list<int>", "list<string>")
"""Every type that a parameter may have."""

INT64 = range(-(2**63), 2**63)


@dataclass(frozen=True)
class Parameter:
    """One ``$name`` of a query."""

    name: str
    type: str
    """One of :data:`TYPES`."""
    description: str
    required: bool = True
    default: Any = None
    """Meant where it is not required; a default of None also lets the caller say None."""
    low: int | None = None
    """Smallest value of a number, shortest length of a list; None: no bound."""
    high: int | None = None
    among: tuple[str, ...] = ()
    """The only strings it may be; empty: any."""

    def __str__(self) -> str:
        """As the header has it: ``hops: int 0..6 = 2``."""
        bounds = "" if self.low is None else f" {self.low}..{'' if self.high is None else self.high}"
        among = f" {','.join(self.among)}" if self.among else ""
        default = "" if self.required else f" = {json.dumps(self.default)}"
        return f"{self.name}: {self.type}{bounds}{among}{default}"

    def check(self, value: Any) -> Any:
        """The value as the engines take it.

        Raises:
            UsageError: says what was expected and what was found.
        """
        if value is None and not self.required and self.default is None:
            return None
        if self.type == "float" and _is(int, value):
            value = float(value)
        if not (self._has_type(value) and self._in_bounds(value)):
            raise UsageError(f"parameter {self.name}: expected {self.expected}, found {value!r}")
        return list(value) if self.type.startswith("list") else value

    @property
    def expected(self) -> str:
        """Type and bounds in words: ``int from 0 to 6``, ``one of both, in, out``."""
        if self.among:
            return f"one of {', '.join(self.among)}"
        bounds = [f" {word} {bound}" for word, bound in (("from", self.low), ("to", self.high)) if bound is not None]
        length = " of length" if bounds and self.type.startswith("list") else ""
        return "".join([self.type, length, *bounds])

    def _has_type(self, value: Any) -> bool:
        if not self.type.startswith("list"):
            return _is(SCALARS[self.type], value)
        item = SCALARS[self.type[5:-1]]
        return isinstance(value, list | tuple) and all(_is(item, each) for each in value)

    def _in_bounds(self, value: Any) -> bool:
        if self.among and value not in self.among:
            return False
        size = len(value) if isinstance(value, list | tuple) else value
        return (self.low is None or size >= self.low) and (self.high is None or size <= self.high)


@dataclass(frozen=True)
class Column:
    """One column of a query's rows."""

    name: str
    description: str
    unit: str = ""
    """``ns``, ``bytes``, what is counted, or nothing."""


@dataclass(frozen=True)
class NamedQuery:
    """One ``.cypher`` file."""

    name: str
    """The file's name less its suffix."""
    what: str
    """One sentence."""
    parameters: tuple[Parameter, ...]
    columns: tuple[Column, ...]
    text: str
    """The Cypher without the header."""

    def bind(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """Every parameter with its checked value or its default.

        Raises:
            UsageError: one is unknown, missing, or of another type.
        """
        self._check_names(params)
        return {p.name: p.check(params[p.name]) if p.name in params else p.default for p in self.parameters}

    def _check_names(self, params: Mapping[str, Any]) -> None:
        known = [p.name for p in self.parameters]
        listed = f"it takes {', '.join(known)}" if known else "it takes none"
        for name in params:
            if name not in known:
                raise UsageError(f"{self.name}: no parameter {name!r}; {listed}{did_you_mean(name, known)}")
        missing = [p.name for p in self.parameters if p.required and p.name not in params]
        if missing:
            raise UsageError(f"{self.name}: needs {', '.join(missing)}; {listed}")


def _is(kind: type, value: Any) -> bool:
    """Python's True is an int, Cypher's is none; an integer beyond 64 bits is none either."""
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool) and value in INT64
    return isinstance(value, kind)
