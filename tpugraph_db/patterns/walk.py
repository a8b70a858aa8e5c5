"""A form as MATCH clauses: from its rarest op along its edges, one step at a time.

One step at a time and not all in one MATCH: a branch then ends where an op does not fit, and ArcadeDB is twice as fast
(no edge has to be compared with those walked before). A WITH after every third leaves Neo4j's planner, which tries all
orders of what stands before it, few to try. A path goes layer by layer, as the ways to an op are many and the ops few.
"""

from __future__ import annotations

from itertools import pairwise

from tpugraph_db.patterns.commonness import commonness
from tpugraph_db.patterns.forms import Edge, Form
from tpugraph_db.patterns.names import operands
from tpugraph_db.patterns.possible import may_coincide
from tpugraph_db.patterns.syntax import Both, Condition
from tpugraph_db.patterns.values import Values, condition_text, op_conditions

_TOGETHER = 3
"""Steps between two WITH."""

_BY_INDEX = 100
"""Of a thousand ops: a scan of all is faster than an index that leads to more."""


def variable(node: int) -> str:
    """What a statement calls an op of a form."""
    return f"n{node + 1}"


class Walk:
    """Writes the clauses of one form."""

    def __init__(self, form: Form, values: Values, *, graph_first: bool) -> None:
        self._form, self._values, self._graph_first = form, values, graph_first
        self._placed: list[int] = []
        self._edges = list(form.edges)
        self._apart = may_coincide(form)
        self._where = _conjuncts(form.pattern.where)
        self._paths = 0
        self.lines: list[str] = []

    def write(self) -> list[str]:
        """Every clause that finds the ops; the graph's come from elsewhere."""
        while len(self._placed) < len(self._form.nodes):
            edge = self._next_edge()
            if self._placed and len(self._placed) % _TOGETHER == 0:
                self.lines.append("WITH *")
            if edge is None:
                self._begin()
            elif edge.hops:
                self._follow(edge)
            else:
                self._step(edge)
            self._close_paths()
        return self.lines

    def _begin(self) -> None:
        """The rarest op of what is not reached by an edge."""
        left = [node for node in range(len(self._form.nodes)) if node not in self._placed]
        node = min(left, key=lambda n: (commonness(self._form.nodes[n]), n))
        graph = "g.id" if self._graph_first else f"{variable(self._placed[0])}.graph" if self._placed else ""
        if graph:
            self._begin_in(graph, node)
        else:
            self._begin_anywhere(node)

    def _begin_in(self, graph: str, node: int) -> None:
        """WITH keeps ArcadeDB from its index on opcode: of one graph's ops that on graph gives fewer."""
        own = op_conditions(self._form.nodes[node], variable(node), self._values)
        self._place(f"MATCH ({variable(node)}:Op {{graph: {graph}}}){' WITH *' * bool(own)}", node, own)

    def _begin_anywhere(self, node: int) -> None:
        """By one opcode after the other: for IN ArcadeDB turns to its index only where nothing follows."""
        op, name = self._form.nodes[node], variable(node)
        rare = op.opcodes is not None and len(op.opcodes) > 1 and not op.excluded and commonness(op) < _BY_INDEX
        if rare:
            assert op.opcodes is not None
            self.lines.append(f"UNWIND {self._values.add(sorted(op.opcodes))} AS opcode")
        found = f"MATCH ({name}:Op{' {opcode: opcode}' * rare})"
        self._place(found, node, op_conditions(op, name, self._values, opcodes=not rare))

    def _next_edge(self) -> Edge | None:
        """From an op that is placed to the rarest that is not; a path only where nothing else goes on."""
        open_edges = [
            edge for edge in self._edges if (edge.producer in self._placed) != (edge.consumer in self._placed)
        ]
        return min(
            open_edges, key=lambda edge: (edge.hops, commonness(self._form.nodes[self._new(edge)])), default=None
        )

    def _new(self, edge: Edge) -> int:
        return edge.consumer if edge.producer in self._placed else edge.producer

    def _step(self, edge: Edge) -> None:
        self._edges.remove(edge)
        new = self._new(edge)
        start, end = (edge.consumer, edge.producer) if new == edge.producer else (edge.producer, edge.consumer)
        arrow = "-[:FEEDS]-" if not edge.directed else "<-[:FEEDS]-" if new == edge.producer else "-[:FEEDS]->"
        own = op_conditions(self._form.nodes[new], variable(new), self._values)
        self._place(f"MATCH ({variable(start)}){arrow}({variable(end)})", new, own)

    def _follow(self, edge: Edge) -> None:
        """A path to an op that is not placed: every op within reach that could be it."""
        self._edges.remove(edge)
        new = self._new(edge)
        name = variable(new)
        layers = self._layers(edge, forward=new == edge.consumer)
        own = " AND ".join(op_conditions(self._form.nodes[new], name, self._values))
        self.lines.append(
            f"CALL ({', '.join(layers)}) {{ UNWIND {' + '.join(layers)} AS {name} "
            f"WITH DISTINCT {name}{f' WHERE {own}' if own else ''} RETURN {name} }}"
        )
        self._place("WITH *", new, [])

    def _close_paths(self) -> None:
        """Paths between ops that are both placed."""
        for edge in [e for e in self._edges if e.hops and {e.producer, e.consumer} <= set(self._placed)]:
            self._edges.remove(edge)
            end = variable(edge.consumer)
            layers = self._layers(edge, forward=True)
            found = f"w{self._paths}"
            self.lines.append(
                f"CALL ({', '.join([*layers, end])}) {{ UNWIND {' + '.join(layers)} AS x "
                f"WITH x WHERE x = {end} RETURN count(x) AS {found} }}"
            )
            self.lines.append(f"WITH * WHERE {found} > 0")

    def _layers(self, edge: Edge, *, forward: bool) -> list[str]:
        """One list for each distance: the ops that lie so far from an end of the path."""
        self._paths += 1
        start = variable(edge.producer if forward else edge.consumer)
        arrow = "-[:FEEDS]->" if forward else "<-[:FEEDS]-"
        layers = [f"w{self._paths}_{distance}" for distance in range(1, edge.hops + 1)]
        self.lines.append(f"CALL ({start}) {{ MATCH ({start}){arrow}(x) RETURN collect(DISTINCT x) AS {layers[0]} }}")
        for near, far in pairwise(layers):
            walk = f"UNWIND {near} AS o MATCH (o){arrow}(x) RETURN collect(DISTINCT x) AS {far}"
            self.lines.append(f"CALL ({near}) {{ {walk} }}")
        return layers

    def _place(self, clause: str, node: int, own: list[str]) -> None:
        """A clause that binds an op, with every condition that can be asked from now on."""
        self._placed.append(node)
        found = own + self._joined_to(node) + self._apart_from(node) + self._conditions()
        self.lines.append(clause + (f" WHERE {' AND '.join(found)}" if found else ""))

    def _joined_to(self, node: int) -> list[str]:
        """Edges to ops that are placed already."""
        ready = [edge for edge in self._edges if {edge.producer, edge.consumer} <= set(self._placed)]
        closing = [edge for edge in ready if not edge.hops and node in (edge.producer, edge.consumer)]
        for edge in closing:
            self._edges.remove(edge)
        return [
            f"EXISTS {{ ({variable(e.producer)})-[:FEEDS]-{'>' * e.directed}({variable(e.consumer)}) }}"
            for e in closing
        ]

    def _apart_from(self, node: int) -> list[str]:
        pairs = [pair for pair in self._apart if node in pair and set(pair) <= set(self._placed)]
        return [f"{variable(one)} <> {variable(other)}" for one, other in pairs]

    def _conditions(self) -> list[str]:
        """The parts of ``where`` whose ops are all placed, each once."""
        numbers = self._form.by_name
        ready = [p for p in self._where if all(numbers[o.name] in self._placed for o in operands(p))]
        self._where = [part for part in self._where if part not in ready]
        nodes = {name: variable(number) for name, number in numbers.items()}
        return [condition_text(part, nodes, self._values) for part in ready]


def _conjuncts(condition: Condition | None) -> list[Condition]:
    if condition is None:
        return []
    return list(condition.parts) if isinstance(condition, Both) and condition.word == "and" else [condition]
