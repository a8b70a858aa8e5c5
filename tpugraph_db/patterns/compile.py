"""A pattern as one Cypher statement with parameters, the same for both stores."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any, Literal

from tpugraph_db.patterns.commonness import commonness
from tpugraph_db.patterns.forms import Form, forms
from tpugraph_db.patterns.possible import impossible
from tpugraph_db.patterns.syntax import Op, Pattern
from tpugraph_db.patterns.values import Values
from tpugraph_db.patterns.walk import Walk, variable

By = Literal["graph", "collection"]
Shown = Literal["text", "index"]

GROUPS: dict[By, str] = {"graph": "g.id", "collection": "g.collection"}


@dataclass(frozen=True)
class Scope:
    """Where to look: one graph by id, a collection, or (neither said) everywhere."""

    graph: str | None = None
    collection: str | None = None


@dataclass(frozen=True)
class Statement:
    """Cypher, its parameters, and why it has no rows, where that is certain."""

    text: str
    parameters: dict[str, Any]
    impossible: str = ""


def compile_rows(pattern: Pattern, scope: Scope, *, shown: Shown = "text") -> Statement:
    """A row a match, as the store finds them: ``graph``, then a column for each op of the pattern.

    Raises:
        PatternError: it is too large, or has no meaning (:func:`forms.forms`).
    """
    made = _Maker(pattern, scope)
    parts = [f"{made.body(form)}\nRETURN {made.columns(form, shown)}" for form in made.forms]
    return made.statement("\nUNION ALL\n".join(parts))


def compile_ranked(pattern: Pattern, scope: Scope, rank: str, limit: int, *, shown: Shown = "text") -> Statement:
    """The ``limit`` matches whose ops have most of a property together, the largest first; it is the last column."""
    made = _Maker(pattern, scope)
    top = f"LIMIT {made.values.add(limit)}"
    names = ["graph", *column_names(pattern)]
    columns = ", ".join(f"`{name}`" for name in names)
    parts = []
    for form in made.forms:
        nodes = ", ".join(map(variable, range(len(form.nodes))))
        order = ", ".join(["coalesce(r, -1) DESC", "g.id", *(f"{variable(n)}.index" for n in range(len(form.nodes)))])
        best = f"WITH g, {nodes}, {_sum(form, rank)} AS r ORDER BY {order} {top}"
        parts.append(f"{made.body(form)}\n{best}\nRETURN {made.columns(form, shown)}, r AS `{rank}`")
    if len(parts) == 1:
        return made.statement(parts[0])
    together = "\nUNION ALL\n".join(parts)
    ties = ", ".join(f"`{name}`" for name, op in zip(names[1:], pattern.ops, strict=True) if op.high == 1)
    order = f"ORDER BY coalesce(`{rank}`, -1) DESC, `graph`{ties and ', '}{ties} {top}"
    return made.statement(f"CALL () {{\n{together}\n}}\nRETURN {columns}, `{rank}`\n{order}")


def compile_count(pattern: Pattern, scope: Scope, by: By | None = None) -> Statement:
    """How many matches there are: one number ``matches``, or one for each group, the largest first."""
    made = _Maker(pattern, scope)
    group = f"{GROUPS[by]} AS {by}, " if by else ""
    parts = [f"{made.body(form)}\nRETURN {group}count(*) AS found" for form in made.forms]
    together = "\nUNION ALL\n".join(parts)
    outer = f"{by}, sum(found) AS matches ORDER BY matches DESC, {by}" if by else "sum(found) AS matches"
    return made.statement(f"CALL () {{\n{together}\n}}\nRETURN {outer}")


def column_names(pattern: Pattern) -> list[str]:
    """One for each op: its name, else its opcode, else ``op`` with its place; the second ``add`` is ``add_2``."""
    found: list[str] = []
    taken = Counter(op.name for op in pattern.ops if op.name)
    for place, op in enumerate(pattern.ops, 1):
        if op.name:
            found.append(op.name)
            continue
        one = op.opcodes is not None and len(op.opcodes) == 1 and not op.excluded
        base = next(iter(op.opcodes)) if one and op.opcodes else f"op{place}"
        taken[base] += 1
        found.append(base if taken[base] == 1 else f"{base}_{taken[base]}")
    return found


class _Maker:
    """What the parts of a statement share."""

    def __init__(self, pattern: Pattern, scope: Scope) -> None:
        every = forms(pattern)
        reasons = [impossible(form) for form in every]
        possible = [form for form, reason in zip(every, reasons, strict=True) if not reason]
        self.impossible = "" if possible else reasons[0]
        self.forms = possible or every[:1]
        self.values = Values()
        self._pattern, self._scope = pattern, scope
        self._names = column_names(pattern)

    def statement(self, text: str) -> Statement:
        """The whole, with the parameters of all parts."""
        scope = {"graph": self._scope.graph, "collection": self._scope.collection}
        given = {name: value for name, value in scope.items() if value is not None}
        return Statement(text, given | self.values.parameters, self.impossible)

    def body(self, form: Form) -> str:
        """Clauses that bind the ops of a form, and their graph ``g``: who begins or ends there sees whole graphs."""
        first = self._graph_comes_first(form)
        lines = Walk(form, self.values, graph_first=first).write()
        if self._scope.graph is not None:
            return "\n".join(["MATCH (g:Graph {id: $graph})", *lines])
        if first:
            return "\n".join(["MATCH (g:Graph {collection: $collection})", *lines])
        only = " WHERE g.collection = $collection" if self._scope.collection is not None else ""
        return "\n".join([*lines, f"MATCH (g:Graph {{id: n1.graph}}){only}"])

    def _graph_comes_first(self, form: Form) -> bool:
        """The index on opcode leads straight to rare ops of all graphs; that on graph to the ops of one, or of few."""
        if self._scope.graph is not None:
            return True
        return self._scope.collection is not None and not any(_has_index(op) for op in form.nodes)

    def columns(self, form: Form, shown: Shown) -> str:
        """What a row has."""
        made = [
            f"{_column(op, places, shown)} AS `{name}`"
            for name, op, places in zip(self._names, form.pattern.ops, form.places, strict=True)
        ]
        return ", ".join(["g.id AS `graph`", *made])


def _has_index(op: Op) -> bool:
    return op.opcodes is not None and not op.excluded and commonness(op) < 500


def _column(op: Op, places: tuple[int, ...], shown: Shown) -> str:
    ops = [_shown(variable(place), shown) for place in places]
    if op.high > 1:
        return f"[{', '.join(ops)}]"
    return ops[0] if ops else "null"


def _shown(node: str, shown: Shown) -> str:
    if shown == "index":
        return f"{node}.index"
    return f"coalesce({node}.name, {node}.opcode, '?') + '#' + toString({node}.index)"


def _sum(form: Form, rank: str) -> str:
    """Of what is known; null where nothing is."""
    every = [f"{variable(node)}.{rank}" for node in range(len(form.nodes))]
    total = " + ".join(f"coalesce({one}, 0)" for one in every)
    return f"CASE WHEN coalesce({', '.join(every)}) IS NULL THEN null ELSE {total} END"
