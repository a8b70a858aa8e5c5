"""Random patterns: made as a tree of these classes, which says what it means and how it is written.

Nothing of the language's own code is used; :mod:`tests.patterns.brute_force` finds the matches.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Any


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


def wanted(random: Random) -> Wanted:
    """A random pattern."""
    return Maker(random).pattern()
