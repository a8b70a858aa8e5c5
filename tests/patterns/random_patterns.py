"""Random patterns over random graphs, and their matches found one by one: the meaning of docs/patterns.md in Python.

Nothing of the language's own code is used: a pattern is made as a tree of these classes, written as text, and matched
by trying every op at every place.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

import numpy as np

from tests import graphs
from tpugraph_db.rows import GraphRows, graph_rows

OPCODES = ("add", "add", "dot", "dot", "tanh", "all-reduce", "all-gather", None)
"""Of the random graphs; None: unknown."""

COLLECTIONS = ("tile:random", "tile:chance")


@dataclass(frozen=True)
class SmallGraph:
    name: str
    collection: str
    ops: list[dict[str, Any]]
    edges: set[tuple[int, int]]
    """(producer, consumer)."""

    @property
    def id(self) -> str:
        return f"{self.collection}/train/{self.name}"

    def rows(self) -> GraphRows:
        """As a store takes it."""
        shapes = [("add", "f32[]") for _ in self.ops]
        made = graph_rows(graphs.make_record(self.name, shapes, [], collection=self.collection), "none")
        columns = {key: [op[key] for op in self.ops] for key in self.ops[0]}
        feeds = np.array(sorted(self.edges), np.int64).reshape(-1, 2)
        return replace(made, ops=made.ops | columns, feeds=feeds)

    def within(self, producer: int, consumer: int, hops: int) -> bool:
        """Whether data gets from one to the other over 1 to so many edges."""
        near = {producer}
        for _ in range(hops):
            near = {b for a, b in self.edges if a in near}
            if consumer in near:
                return True
        return False


def small_graph(random: Random, name: str) -> SmallGraph:
    size = random.randint(5, 10)
    density = random.choice((0.3, 0.45, 0.6))
    edges = {(a, b) for b in range(size) for a in range(b) if random.random() < density}
    ops = [
        {
            "opcode": random.choice(OPCODES),
            "bytes": random.choice((4, 8, 16, None)),
            "dtype": random.choice(("f32", "f32", "bf16", None)),
            "is_configurable": random.random() < 0.4,
            "fan_out": sum(a == op for a, _ in edges),
        }
        for op in range(size)
    ]
    return SmallGraph(name, random.choice(COLLECTIONS), ops, edges)


@dataclass(frozen=True)
class Test:
    """A comparison; the other side is values, or a (name, property)."""

    name: str
    property: str
    sign: str
    values: list[Any] = field(default_factory=list)
    other: tuple[str, str] | None = None

    def text(self) -> str:
        left = f"{self.name}.{self.property}" if self.name else self.property
        if self.other:
            return f"{left} {self.sign} {self.other[0]}.{self.other[1]}"
        written = [str(value).lower() if isinstance(value, bool) else str(value) for value in self.values]
        right = written[0] if len(written) == 1 else "{" + "|".join(written) + "}"
        return f"{left} {self.sign} {right}"

    def holds(self, values: dict[str, dict[str, Any]]) -> bool | None:
        """None: unknown, as one side is."""
        left = values[self.name][self.property]
        rights = [values[self.other[0]][self.other[1]]] if self.other else self.values
        if left is None or None in rights:
            return None
        signs = {
            "=": any(left == right for right in rights),
            "!=": all(left != right for right in rights),
        }
        if self.sign in signs:
            return signs[self.sign]
        right = rights[0]
        if self.sign == "~":
            return right in left
        return {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[self.sign]


@dataclass(frozen=True)
class Logic:
    """``not``, ``and``, ``or``."""

    word: str
    parts: list[Any]

    def text(self) -> str:
        inner = [f"({part.text()})" if isinstance(part, Logic) else part.text() for part in self.parts]
        return f"not {inner[0]}" if self.word == "not" else f" {self.word} ".join(inner)

    def holds(self, values: dict[str, dict[str, Any]]) -> bool | None:
        found = [part.holds(values) for part in self.parts]
        if self.word == "not":
            return None if found[0] is None else not found[0]
        decisive = self.word == "or"
        if decisive in found:
            return decisive
        return None if None in found else not decisive


@dataclass(frozen=True, eq=False)
class Place:
    """One op of a pattern."""

    name: str
    opcodes: str
    wanted: frozenset[str] | None
    excluded: bool
    configurable: bool
    filters: list[Any]
    low: int
    high: int

    def text(self) -> str:
        named = f"{self.name}:" if self.name else ""
        filters = f"[{', '.join(part.text() for part in self.filters)}]" if self.filters else ""
        times = {(1, 1): "", (0, 1): "?"}.get((self.low, self.high), f"*{self.low}..{self.high}")
        return f"{named}{'@' * self.configurable}{self.opcodes}{filters}{times}"

    def fits(self, op: dict[str, Any]) -> bool:
        if self.wanted is not None and (op["opcode"] is None or (op["opcode"] in self.wanted) == self.excluded):
            return False
        if self.configurable and not op["is_configurable"]:
            return False
        return all(part.holds({"": op}) is True for part in self.filters)


@dataclass(frozen=True)
class Again:
    """The op of that name."""

    name: str

    def text(self) -> str:
        return self.name


@dataclass(frozen=True)
class Fork:
    chains: list[Line]

    def text(self) -> str:
        return f"({', '.join(chain.text() for chain in self.chains)})"


@dataclass(frozen=True)
class Line:
    """Items and the arrows between them."""

    items: list[Any]
    arrows: list[str]

    def text(self) -> str:
        rest = [f" {arrow} {item.text()}" for arrow, item in zip(self.arrows, self.items[1:], strict=True)]
        return self.items[0].text() + "".join(rest)


@dataclass(frozen=True)
class Wanted:
    lines: list[Line]
    where: Any
    places: list[Place]

    def text(self) -> str:
        where = f" where {self.where.text()}" if self.where else ""
        return ", ".join(line.text() for line in self.lines) + where


_OPCODES = (
    ("add", ["add"], False),
    ("dot", ["dot"], False),
    ("tanh", ["tanh"], False),
    ("{dot|tanh}", ["dot", "tanh"], False),
    ("{add|all-*}", ["add", "all-reduce", "all-gather"], False),
    ("all-*", ["all-reduce", "all-gather"], False),
    ("!add", ["add"], True),
    ("!{add|all-*}", ["add", "all-reduce", "all-gather"], True),
    *[("*", None, False)] * 6,
)
_ARROWS = ("->", "->", "->", "->", "<-", "--", "..2>", "..>", "<3..")
_TIMES = ((1, 1),) * 9 + ((0, 1), (0, 1), (1, 2), (1, 3), (0, 2), (2, 2))


class Maker:
    """Makes one pattern."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._places: list[Place] = []
        self._names: list[str] = []

    def pattern(self) -> Wanted:
        random = self._random
        lines = [self._line(random.choices((1, 2, 3, 4), (1, 4, 4, 2))[0], first=True)]
        if self._names and random.random() < 0.35:
            lines.append(self._from_a_name())
        elif random.random() < 0.05:
            lines.append(self._line(1, first=True))
        where = self._where() if self._names and random.random() < 0.3 else None
        return Wanted(lines, where, self._places)

    def _line(self, length: int, *, first: bool, arrow: str = "", deep: int = 0) -> Line:
        """``arrow`` is the only one that it may have, as something may be absent."""
        random = self._random
        only = arrow or (random.choice(_ARROWS) if random.random() < 0.5 else "")
        items: list[Any] = []
        for at in range(length):
            if deep == 0 and at and random.random() < 0.15:
                # its branches may be absent, so what leads there and on is one arrow
                only = only or "->"
                items.append(
                    Fork([self._line(random.choice((1, 1, 2)), first=False, arrow=only, deep=1) for _ in "ab"])
                )
            else:
                items.append(self._place(may_lack=bool(only) and not (first and at == 0)))
        uniform = any(isinstance(item, Fork) or (isinstance(item, Place) and not item.low) for item in items)
        arrows = [only if only and (uniform or arrow) else random.choice(_ARROWS) for _ in items[1:]]
        return Line(items, arrows)

    def _branch(self, arrow: str) -> Line:
        return self._line(self._random.choice((1, 1, 2)), first=False, arrow=arrow, deep=1)

    def _from_a_name(self) -> Line:
        random, name = self._random, self._random.choice(self._names)
        line = self._line(random.choice((1, 2)), first=True, arrow=random.choice(_ARROWS))
        arrow = line.arrows[0] if line.arrows else random.choice(_ARROWS)
        ends = [Again(name), *line.items]
        if len(self._names) > 1 and random.random() < 0.4:
            ends.append(Again(random.choice([other for other in self._names if other != name])))
        return Line(ends, [arrow] * (len(ends) - 1))

    def _place(self, *, may_lack: bool) -> Place:
        random = self._random
        opcodes, wanted, excluded = random.choice(_OPCODES)
        low, high = random.choice(_TIMES)
        if not low and not may_lack:
            low, high = 1, 1
        name = ""
        if (low, high) == (1, 1) and random.random() < 0.4:
            name = "abcdefghijklmnop"[len(self._names)]
            self._names.append(name)
        filters = [self._filter("")] if random.random() < 0.12 else []
        words = None if wanted is None else frozenset(wanted)
        place = Place(name, opcodes, words, excluded, random.random() < 0.07, filters, low, high)
        self._places.append(place)
        return place

    def _where(self) -> Any:
        random = self._random
        parts = [self._condition() for _ in range(random.choice((1, 1, 2, 3)))]
        found = parts[0] if len(parts) == 1 else Logic(random.choice(("and", "or")), parts)
        return Logic("not", [found]) if random.random() < 0.2 else found

    def _condition(self) -> Any:
        random, name = self._random, self._random.choice(self._names)
        if random.random() < 0.5 and len(self._names) > 1:
            property_ = random.choice(("bytes", "fan_out", "dtype", "index"))
            sign = random.choice(("=", "!=") if property_ == "dtype" else ("=", "!=", "<", "<=", ">", ">="))
            return Test(name, property_, sign, other=(random.choice(self._names), property_))
        return self._filter(name)

    def _filter(self, name: str) -> Any:
        random = self._random
        if random.random() < 0.15:
            return Logic(random.choice(("and", "or")), [self._filter(name), self._filter(name)])
        if random.random() < 0.1:
            return Logic("not", [self._filter(name)])
        kind = random.randrange(4)
        if kind == 0:
            return Test(name, "bytes", random.choice(("<", "<=", ">", ">=", "=", "!=")), [random.choice((4, 8, 16))])
        if kind == 1:
            return Test(name, "dtype", random.choice(("=", "!=", "~")), [random.choice(("f32", "bf16"))])
        if kind == 2:
            return Test(name, "bytes", random.choice(("=", "!=")), [4, 16])
        return Test(name, "is_configurable", random.choice(("=", "!=")), [random.random() < 0.5])


Bound = dict[int, tuple[int, ...]]
"""The ops at each place, by the place's id."""
Ends = list[tuple[int, str]]
"""Ops that the next arrow begins at; and the arrow to what is absent after one."""


class Matcher:
    """Finds the matches of one pattern in one graph."""

    def __init__(self, graph: SmallGraph, wanted: Wanted) -> None:
        self._graph, self._wanted = graph, wanted
        self._named = {place.name: place for place in wanted.places if place.name}

    def rows(self) -> list[tuple[Any, ...]]:
        """A row a match, as ``tpudb match`` gives them: an index, a list of them, or None for each place."""
        return [self._row(bound) for bound in self._lines(0, {}) if self._allowed(bound)]

    def _lines(self, at: int, bound: Bound) -> Any:
        if at == len(self._wanted.lines):
            yield bound
            return
        for after, _ in self._line(self._wanted.lines[at], 0, bound, [], "", ""):
            yield from self._lines(at + 1, after)

    def _line(self, line: Line, at: int, bound: Bound, ends: Ends, before: str, outer: str) -> Any:
        if at == len(line.items):
            yield bound, ends
            return
        after = line.arrows[at] if at < len(line.arrows) else outer
        arrow = before if at == 0 else line.arrows[at - 1]
        for known, further in self._item(line.items[at], bound, ends, arrow, after):
            yield from self._line(line, at + 1, known, further, before, outer)

    def _item(self, item: Any, bound: Bound, ends: Ends, arrow: str, after: str) -> Any:
        if isinstance(item, Fork):
            yield from self._fork(item.chains, bound, ends, arrow, after, [])
        elif isinstance(item, Again):
            op = bound[id(self._named[item.name])][0]
            if self._reached(ends, arrow, op):
                yield bound, [(op, "")]
        else:
            for times in range(item.low, item.high + 1):
                yield from self._copies(item, times, bound, ends, arrow, after)

    def _fork(self, chains: list[Line], bound: Bound, ends: Ends, arrow: str, after: str, found: Ends) -> Any:
        if not chains:
            yield bound, found
            return
        for known, further in self._line(chains[0], 0, bound, ends, arrow, after):
            yield from self._fork(chains[1:], known, ends, arrow, after, found + further)

    def _copies(self, place: Place, times: int, bound: Bound, ends: Ends, arrow: str, after: str) -> Any:
        if not times:
            yield bound | {id(place): ()}, [(op, skipped or arrow) for op, skipped in ends]
            return
        for ops in self._sequences(place, times, bound, ends, arrow, arrow or after or "->", ()):
            yield bound | {id(place): ops}, [(ops[-1], "")]

    def _sequences(
        self, place: Place, times: int, bound: Bound, ends: Ends, arrow: str, between: str, ops: tuple[int, ...]
    ) -> Any:
        if len(ops) == times:
            yield ops
            return
        used = {op for taken in bound.values() for op in taken} | set(ops)
        for op, properties in enumerate(self._graph.ops):
            joined = self._arrow(ops[-1], between, op) if ops else self._reached(ends, arrow, op)
            if op not in used and joined and place.fits(properties):
                yield from self._sequences(place, times, bound, ends, arrow, between, (*ops, op))

    def _reached(self, ends: Ends, arrow: str, op: int) -> bool:
        return all(self._arrow(end, arrow, op) for end, _ in ends)

    def _arrow(self, left: int, arrow: str, right: int) -> bool:
        edges = self._graph.edges
        if arrow == "--":
            return (left, right) in edges or (right, left) in edges
        if arrow.startswith("<"):
            left, right = right, left
        if ".." in arrow:
            return self._graph.within(left, right, int(arrow.strip("<>.") or 8))
        return (left, right) in edges

    def _allowed(self, bound: Bound) -> bool:
        if not self._wanted.where:
            return True
        ops = {
            name: self._graph.ops[bound[id(place)][0]] | {"index": bound[id(place)][0]}
            for name, place in self._named.items()
        }
        return self._wanted.where.holds(ops) is True

    def _row(self, bound: Bound) -> tuple[Any, ...]:
        return tuple(self._shown(place, bound[id(place)]) for place in self._wanted.places)

    def _shown(self, place: Place, ops: tuple[int, ...]) -> Any:
        if place.high > 1:
            return ops
        return ops[0] if ops else None


def wanted(random: Random) -> Wanted:
    """A random pattern."""
    return Maker(random).pattern()


def matches(graph: SmallGraph, pattern: Wanted) -> list[tuple[Any, ...]]:
    """Every match, one by one."""
    return Matcher(graph, pattern).rows()
