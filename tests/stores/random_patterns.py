"""Random small graphs, random patterns over them, and their matches counted one by one: Cypher's meaning in Python.

Within one MATCH no edge is walked twice; a node may come as often as it likes.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

import numpy as np

from tests import graphs
from tpugraph_db.rows import GraphRows, graph_rows

OPCODES = ("add", "dot", "tanh", "copy")
TYPES = ("FEEDS", "CALLED_BY")
LENGTHS = ((1, 1), (1, 1), (1, 1), (1, 2), (2, 2), (0, 1), (0, 2), (1, 3))

Edge = tuple[str, int, int]
"""Type, from, to."""
Binding = dict[str, int]
"""Which op a variable stands for."""


@dataclass(frozen=True)
class SmallGraph:
    id: str
    opcodes: list[str]
    edges: list[Edge]

    def rows(self) -> GraphRows:
        """As a store takes it."""
        pairs = [[(a, b) for kind, a, b in self.edges if kind == wanted] for wanted in TYPES]
        feeds, called_by = (np.array(found, np.int64).reshape(-1, 2) for found in pairs)
        record = graphs.make_record(
            self.id, [(opcode, "f32[]") for opcode in self.opcodes], [], collection="tile:random"
        )
        made = graph_rows(record, "none")
        return GraphRows(made.graph, made.ops, feeds, called_by, made.configs)


@dataclass(frozen=True)
class Hop:
    start: str
    end: str
    direction: str
    """``out``, ``in`` or ``any``."""
    types: tuple[str, ...]
    least: int
    most: int

    def text(self) -> str:
        length = "" if (self.least, self.most) == (1, 1) else f"*{self.least}..{self.most}"
        left, right = {"out": ("-", "->"), "in": ("<-", "-"), "any": ("-", "-")}[self.direction]
        return f"{left}[:{'|'.join(self.types)}{length}]{right}"


@dataclass(frozen=True)
class Pattern:
    chains: list[list[Hop]]
    opcodes: dict[str, str]
    """Wanted opcodes, by variable."""
    below: dict[str, int]
    """Bounds of the index, by variable."""
    last: str
    """The variable that the answer is about."""
    kind: str
    """``count`` of matches, ``distinct`` ops, or ``groups``: matches by two keys."""

    def text(self) -> str:
        seen: set[str] = set()
        chains = ", ".join(self._chain(chain, seen) for chain in self.chains)
        bounds = " AND ".join(f"{name}.index < {bound}" for name, bound in self.below.items())
        return f"MATCH {chains} {'WHERE ' if bounds else ''}{bounds} RETURN {self._returned()}"

    def _returned(self) -> str:
        counts = {"count": "count(*)", "distinct": f"count(DISTINCT {self.last})"}
        return counts.get(self.kind, f"a.index, {self.last}.opcode, count(*)")

    def _chain(self, hops: list[Hop], seen: set[str]) -> str:
        return self._node(hops[0].start, seen) + "".join(hop.text() + self._node(hop.end, seen) for hop in hops)

    def _node(self, name: str, seen: set[str]) -> str:
        if name in seen:
            return f"({name})"
        seen.add(name)
        wanted = ["graph: $graph"] if name == "a" else []
        wanted += [f"opcode: '{self.opcodes[name]}'"] if name in self.opcodes else []
        return f"({name}:Op {{{', '.join(wanted)}}})" if wanted else f"({name})"


def small_graph(random: Random, name: str) -> SmallGraph:
    size = random.randint(5, 11)
    pairs = [(a, b) for b in range(size) for a in range(b) if random.random() < 0.35]
    edges = [("FEEDS", a, b) for a, b in pairs] + [("CALLED_BY", a, b) for a, b in pairs if random.random() < 0.4]
    return SmallGraph(name, random.choices(OPCODES, k=size), edges)


def pattern(random: Random) -> Pattern:
    names = iter("abcdefgh")
    known = [next(names)]
    chains = [_chain(random, names, known, random.choices((1, 2, 3, 4), (2, 4, 3, 1))[0])]
    if random.random() < 0.25:
        chains.append(_chain(random, names, known, 1))
    opcodes = {name: random.choice(OPCODES) for name in known if random.random() < 0.2}
    below = {name: random.randint(2, 9) for name in known if random.random() < 0.15}
    kind = random.choice(("count", "count", "distinct", "groups"))
    return Pattern(chains, opcodes, below, known[-1], kind)


def _chain(random: Random, names: Iterator[str], known: list[str], hops: int) -> list[Hop]:
    """Hops one after the other, from a known variable to new ones, at times back to a known one."""
    chain: list[Hop] = []
    at = random.choice(known) if len(known) > 1 else known[0]
    for _ in range(hops):
        end = random.choice(known) if random.random() < 0.1 else next(names)
        direction = random.choices(("out", "in", "any"), (4, 3, 2))[0]
        types = random.choice((("FEEDS",), ("CALLED_BY",), TYPES, TYPES))
        chain.append(Hop(at, end, direction, types, *random.choice(LENGTHS)))
        known += [end] if end not in known else []
        at = end
    return chain


def matches(graph: SmallGraph, wanted: Pattern) -> list[Binding]:
    """Every match of a pattern, one by one."""
    hops = [hop for chain in wanted.chains for hop in chain]
    starts = [{"a": op} for op in range(len(graph.opcodes)) if _fits(graph, wanted, "a", op)]
    return [found for start in starts for found, _ in _follow(graph, wanted, hops, start, frozenset())]


def _follow(
    graph: SmallGraph, wanted: Pattern, hops: list[Hop], bound: Binding, used: frozenset[Edge]
) -> Iterator[tuple[Binding, frozenset[Edge]]]:
    if not hops:
        yield bound, used
        return
    hop = hops[0]
    for end, walked in _walk(graph, hop, bound[hop.start], 0, used):
        if bound.get(hop.end, end) == end and _fits(graph, wanted, hop.end, end):
            yield from _follow(graph, wanted, hops[1:], {**bound, hop.end: end}, walked)


def _walk(
    graph: SmallGraph, hop: Hop, at: int, done: int, used: frozenset[Edge]
) -> Iterator[tuple[int, frozenset[Edge]]]:
    if done >= hop.least:
        yield at, used
    if done == hop.most:
        return
    for edge in graph.edges:
        kind, start, end = edge
        if kind not in hop.types or edge in used:
            continue
        if start == at and hop.direction != "in":
            yield from _walk(graph, hop, end, done + 1, used | {edge})
        if end == at and hop.direction != "out":
            yield from _walk(graph, hop, start, done + 1, used | {edge})


def _fits(graph: SmallGraph, wanted: Pattern, name: str, op: int) -> bool:
    opcode = wanted.opcodes.get(name, graph.opcodes[op])
    return opcode == graph.opcodes[op] and op < wanted.below.get(name, op + 1)


def answer(graph: SmallGraph, wanted: Pattern) -> int | dict[tuple[int, str], int]:
    """What the pattern returns: a number, or one for each group."""
    found = matches(graph, wanted)
    if wanted.kind == "count":
        return len(found)
    if wanted.kind == "distinct":
        return len({match[wanted.last] for match in found})
    return dict(Counter((match["a"], graph.opcodes[match[wanted.last]]) for match in found))
