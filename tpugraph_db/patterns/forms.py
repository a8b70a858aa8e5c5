"""A pattern without ``?`` and repeats: every way to spell it out, as a small graph of ops.

``a -> b? -> c*1..2`` has four: a c, a c c, a b c, a b c c. A match is a match of exactly one of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from math import prod

from tpugraph_db.patterns.errors import PatternError
from tpugraph_db.patterns.limits import FORMS, OPS
from tpugraph_db.patterns.syntax import Arrow, Branches, Chain, Item, Op, Pattern, Reference


@dataclass(frozen=True)
class Edge:
    """What joins two ops of a form, by their numbers in it."""

    producer: int
    consumer: int
    hops: int
    """0: FEEDS; else a path of 1 to so many."""
    directed: bool
    """False: either may be the producer (``--``)."""
    at: int


@dataclass(frozen=True)
class Form:
    """One way to spell a pattern out."""

    pattern: Pattern
    nodes: tuple[Op, ...]
    """What each op must be, by its number."""
    places: tuple[tuple[int, ...], ...]
    """For each op of the pattern, the numbers that stand for it, in order."""
    edges: tuple[Edge, ...]

    @property
    def by_name(self) -> dict[str, int]:
        """The number of each op that has a name and stands exactly once."""
        ops = zip(self.pattern.ops, self.places, strict=True)
        return {op.name: numbers[0] for op, numbers in ops if op.name and op.single}


def forms(pattern: Pattern) -> list[Form]:
    """Every form, in a fixed order.

    Raises:
        PatternError: there are too many, one has no op or too many, or an op that may be absent stands between two
            arrows of which none could take its place.
    """
    ranges = [range(op.low, op.high + 1) for op in pattern.ops]
    count = prod(map(len, ranges))
    if count > FORMS:
        at = max(pattern.ops, key=lambda op: op.high - op.low).at
        raise PatternError(pattern.text, at, f"{count:,} ways to spell ? and repeats out; at most {FORMS}")
    return [_Speller(pattern, times).form() for times in product(*ranges)]


@dataclass(frozen=True)
class _End:
    """An op that the next arrow begins at, and the arrow that led to what is absent after it."""

    node: int
    skipped: Arrow | None = None


class _Speller:
    """Spells one form out; ``times`` says how often each op of the pattern stands there."""

    def __init__(self, pattern: Pattern, times: tuple[int, ...]) -> None:
        self._pattern = pattern
        self._times = dict(zip(map(id, pattern.ops), times, strict=True))
        self._nodes: list[Op] = []
        self._places: dict[int, tuple[int, ...]] = {}
        self._edges: dict[tuple[int, int, int, bool], Edge] = {}

    def form(self) -> Form:
        for chain in self._pattern.chains:
            self._chain(chain, [], None, None)
        if not self._nodes:
            self._fail(0, "every op of it may be absent; one must be there")
        if len(self._nodes) > OPS:
            self._fail(0, f"spelt out it has {len(self._nodes)} ops; at most {OPS}")
        places = tuple(self._places[id(op)] for op in self._pattern.ops)
        return Form(self._pattern, tuple(self._nodes), places, tuple(self._edges.values()))

    def _chain(self, chain: Chain, ends: list[_End], arrow: Arrow | None, after: Arrow | None) -> list[_End]:
        """Go on from some ends, between the arrow before and the one after; where the chain ends."""
        arrows = [arrow, *chain.arrows, after]
        for at, item in enumerate(chain.items):
            ends = self._item(item, ends, arrows[at], arrows[at + 1])
        return ends

    def _item(self, item: Item, ends: list[_End], arrow: Arrow | None, after: Arrow | None) -> list[_End]:
        if isinstance(item, Branches):
            return [end for chain in item.chains for end in self._chain(chain, ends, arrow, after)]
        if isinstance(item, Reference):
            number = next(self._places[id(op)][0] for op in self._pattern.ops if op.name == item.name)
            self._join(ends, arrow, number)
            return [_End(number)]
        return self._op(item, ends, arrow, after)

    def _op(self, op: Op, ends: list[_End], arrow: Arrow | None, after: Arrow | None) -> list[_End]:
        numbers = range(len(self._nodes), len(self._nodes) + self._times[id(op)])
        self._nodes += [op] * len(numbers)
        self._places[id(op)] = tuple(numbers)
        if not numbers:
            return [_End(end.node, self._only(end.skipped, arrow)) for end in ends]
        between = arrow or after or Arrow("out", 0, op.at)
        self._join(ends, arrow, numbers[0])
        for number in numbers[1:]:
            self._join([_End(number - 1)], between, number)
        return [_End(numbers[-1])]

    def _join(self, ends: list[_End], arrow: Arrow | None, node: int) -> None:
        for end in ends:
            joined = self._only(end.skipped, arrow)
            assert joined is not None
            self._add(end.node, joined, node)

    def _add(self, left: int, arrow: Arrow, right: int) -> None:
        if left == right:
            self._fail(arrow.at, "an op does not feed itself")
        turned = arrow.direction == "in" or (arrow.direction == "any" and left > right)
        ends = (right, left) if turned else (left, right)
        key = (*ends, arrow.hops, arrow.direction != "any")
        self._edges.setdefault(key, Edge(*key, arrow.at))

    def _only(self, skipped: Arrow | None, arrow: Arrow | None) -> Arrow | None:
        """The one arrow that stands on both sides of what is absent."""
        if skipped is None or arrow is None or _same(skipped, arrow):
            return arrow
        return self._fail(arrow.at, "what may be absent stands between two arrows of one kind: which would stay?")

    def _fail(self, at: int, message: str) -> Arrow:
        raise PatternError(self._pattern.text, at, message)


def _same(one: Arrow, other: Arrow) -> bool:
    return (one.direction, one.hops) == (other.direction, other.hops)
