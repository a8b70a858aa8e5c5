"""Centrality and the like of a graph's ops, through networkx. Edges run producer -> consumer, calls among them.

Betweenness and closeness, which take hours of a graph of 40,000 ops, go through rustworkx where it is installed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from tpugraph_db.analytics.op_texts import OpTexts
from tpugraph_db.errors import NotFoundError, UsageError, did_you_mean
from tpugraph_db.record import GraphRecord
from tpugraph_db.stores.result import Result

if TYPE_CHECKING:
    import networkx as nx

Step = Callable[[int], object]
"""Called with how many more ops a slow algorithm has gone through."""

_AT_ONCE = 16
_RESULT = -1
"""A node behind all ops that nothing uses."""


Of = Callable[["nx.DiGraph[int]", Step], Mapping[int, Any]]
"""Value by op; ops without one are left out."""


@dataclass(frozen=True)
class Algorithm:
    """Something networkx computes of every op, or rustworkx in its place."""

    what: str
    of: Of
    ranked: bool = True
    """The largest values come first; else they are names or places, and ops come by index."""
    slow: bool = False
    """It walks the whole graph from each op: ``ops * edges`` steps."""
    rust: str = ""
    """Name of the same in rustworkx, where that is equal and much faster."""

    @property
    def package(self) -> str:
        """Which of the two computes it."""
        return "rustworkx" if self.rust and find_spec("rustworkx") else "networkx"


def algorithm(name: str) -> Algorithm:
    """One of :data:`ALGORITHMS`.

    Raises:
        NotFoundError: there is none of that name. UsageError: it needs a package that is not installed.
    """
    if name not in ALGORITHMS:
        near = did_you_mean(name, list(ALGORITHMS))
        raise NotFoundError(f"no algorithm {name!r}; there is {', '.join(ALGORITHMS)}{near}")
    if name == "pagerank" and find_spec("scipy") is None:
        raise UsageError("pagerank needs SciPy: pip install 'tpugraph-db[models]'")
    return ALGORITHMS[name]


def algorithm_rows(record: GraphRecord, name: str, count: int = 20, step: Step = lambda _: None) -> Result:
    """The ``count`` ops with the largest values of an algorithm, ties by index; or the first ones by index.

    Raises:
        NotFoundError: no such algorithm. UsageError: it needs a package that is not installed.
    """
    chosen, texts = algorithm(name), OpTexts(record)
    graph = _graph(record)
    values = _in_rust(graph, chosen.rust, step) if chosen.package == "rustworkx" else chosen.of(graph, step)
    order = sorted(values, key=lambda op: (-values[op], op)) if chosen.ranked else sorted(values)
    rows = [(*texts.labels(op), values[op], "structural") for op in order[:count]]
    return Result(("op", "name", "opcode", "shape", name, "provenance"), rows, len(order))


def _graph(record: GraphRecord) -> nx.DiGraph[int]:
    import networkx as nx

    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(range(len(record)))
    graph.add_edges_from(record.edges[:, ::-1].tolist())
    return graph


def _in_rust(graph: nx.DiGraph[int], name: str, step: Step) -> Mapping[int, float]:
    """A function of rustworkx, whose values are networkx's up to the last bits, in one long step."""
    import rustworkx

    same = rustworkx.PyDiGraph(multigraph=False)
    same.add_nodes_from(list(graph))
    same.add_edges_from_no_data(list(graph.edges))
    values = dict(getattr(rustworkx, name)(same))
    step(len(graph))
    return values


def _plainly(name: str) -> Of:
    def of(graph: nx.DiGraph[int], _: Step) -> Mapping[int, Any]:
        import networkx as nx

        values: Mapping[int, Any] = getattr(nx, name)(graph)
        return values

    return of


def _betweenness(graph: nx.DiGraph[int], step: Step) -> Mapping[int, float]:
    import networkx as nx

    def of(sources: list[int]) -> Mapping[int, float]:
        values: Mapping[int, float] = nx.betweenness_centrality_subset(graph, sources, list(graph))
        return values

    pairs = (len(graph) - 1) * (len(graph) - 2)
    return {op: value / pairs if pairs > 0 else 0.0 for op, value in _summed(graph, of, step).items()}


def _harmonic(graph: nx.DiGraph[int], step: Step) -> Mapping[int, float]:
    import networkx as nx

    return _summed(graph, lambda sources: nx.harmonic_centrality(graph, sources=sources), step)


def _closeness(graph: nx.DiGraph[int], step: Step) -> Mapping[int, float]:
    """With Wasserman and Faust's factor, as networkx, whose own function copies the graph for each op."""
    import networkx as nx

    against = graph.reverse(copy=False)
    values = {}
    for op in graph:
        distance = nx.single_source_shortest_path_length(against, op)
        total, reached = sum(distance.values()), len(distance) - 1
        values[op] = reached / total * reached / (len(graph) - 1) if total else 0.0
        step(1)
    return values


def _summed(graph: nx.DiGraph[int], of: Callable[[list[int]], Mapping[int, float]], step: Step) -> Mapping[int, float]:
    """The sum over all sources, some at once."""
    ops, values = list(graph), Counter[int]()
    for start in range(0, len(ops), _AT_ONCE):
        sources = ops[start : start + _AT_ONCE]
        for op, value in of(sources).items():
            values[op] += value  # type: ignore[assignment]
        step(len(sources))
    return {op: float(values[op]) for op in ops}


def _articulation_points(graph: nx.DiGraph[int], _: Step) -> Mapping[int, int]:
    """How many pieces more there are without the op."""
    import networkx as nx

    blocks = Counter(op for block in nx.biconnected_components(graph.to_undirected()) for op in block)
    return {op: count - 1 for op, count in blocks.items() if count > 1}


def _generations(graph: nx.DiGraph[int], _: Step) -> Mapping[int, int]:
    import networkx as nx

    return _numbered(nx.topological_generations(graph))


def _components(graph: nx.DiGraph[int], _: Step) -> Mapping[int, int]:
    import networkx as nx

    pieces = [sorted(ops) for ops in nx.weakly_connected_components(graph)]
    pieces.sort(key=lambda ops: (-len(ops), ops))
    return _numbered(pieces)


def _core_number(graph: nx.DiGraph[int], _: Step) -> Mapping[int, int]:
    import networkx as nx

    cores: Mapping[int, int] = nx.core_number(graph.to_undirected())
    return cores


def _dominators(graph: nx.DiGraph[int], _: Step) -> Mapping[int, int]:
    """Of the graph turned round, from behind the ops that nothing uses; those that only it dominates are left out."""
    import networkx as nx

    turned = graph.reverse()
    turned.add_edges_from([(_RESULT, op) for op in graph if not graph.out_degree(op)])
    found = nx.immediate_dominators(turned, _RESULT)
    return {op: by for op, by in found.items() if op != _RESULT and by not in (None, _RESULT)}


def _numbered(groups: Iterable[Iterable[int]]) -> Mapping[int, int]:
    return {op: number for number, ops in enumerate(groups) for op in ops}


ALGORITHMS: dict[str, Algorithm] = {
    "degree_centrality": Algorithm("share of the other ops that it has an edge with", _plainly("degree_centrality")),
    "in_degree_centrality": Algorithm("share of the other ops that feed it", _plainly("in_degree_centrality")),
    "out_degree_centrality": Algorithm("share of the other ops that it feeds", _plainly("out_degree_centrality")),
    "betweenness_centrality": Algorithm(
        "share of the shortest ways of others that it is on",
        _betweenness,
        slow=True,
        rust="digraph_betweenness_centrality",
    ),
    "closeness_centrality": Algorithm(
        "how near the ops are that it is computed from",
        _closeness,
        slow=True,
        rust="digraph_closeness_centrality",
    ),
    "harmonic_centrality": Algorithm("sum of 1 / distance from those ops", _harmonic, slow=True),
    "pagerank": Algorithm("where a walk along the edges ends up", _plainly("pagerank")),
    "core_number": Algorithm("largest k of a k-core that it is in", _core_number),
    "articulation_points": Algorithm("pieces that the graph falls into more, without it", _articulation_points),
    "immediate_dominators": Algorithm("next op that all its ways to results pass", _dominators, ranked=False),
    "topological_generations": Algorithm("edges on the longest way to it", _generations, ranked=False),
    "weakly_connected_components": Algorithm("number of its piece, the largest is 0", _components, ranked=False),
}
"""By networkx's names. Edges count without direction in core_number, articulation_points and components."""
