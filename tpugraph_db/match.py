"""The verb match: where a pattern stands in the stored graphs. The language: :mod:`tpugraph_db.patterns`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from tpugraph_db.cypher.named import NamedQuery
from tpugraph_db.cypher.patterns.library import find_pattern, pattern_names
from tpugraph_db.errors import NotFoundError, UsageError, did_you_mean
from tpugraph_db.match_rows import count_by_block, index_rows, place, rank_by_flops
from tpugraph_db.patterns.compile import (
    GROUPS,
    By,
    Scope,
    Shown,
    Statement,
    column_names,
    compile_count,
    compile_ranked,
    compile_rows,
)
from tpugraph_db.patterns.errors import PatternError
from tpugraph_db.patterns.parse import parse
from tpugraph_db.patterns.syntax import Pattern
from tpugraph_db.query import find_graph
from tpugraph_db.stores import Result, Store

RANKS: Mapping[str, str] = {"bytes": "bytes", "flops": "flops", "cost": "cost", "measured": "measured_ns"}
"""Column by the name of the ranking: an op's property, but for flops, which the records say."""

BY = (*GROUPS, "block")
"""What matches are counted by: the store says all but blocks."""


@dataclass(frozen=True)
class Question:
    """A pattern with all that is asked of it, ready to be run."""

    means: Pattern | NamedQuery
    scope: Scope = field(default_factory=Scope)
    count: bool = False
    by: By | Literal["block"] | None = None
    rank: str | None = None
    shown: Shown = "text"

    @property
    def beside(self) -> str:
        """What is done with the rows of the statement outside the store; empty where nothing is."""
        if self.by == "block":
            return "counted by repeated block"
        return "ranked by flops" if self.rank == "flops" else ""

    @property
    def counts(self) -> bool:
        """Whether numbers are asked for, not matches."""
        return self.count or self.by is not None

    def statement(self, limit: int | None = None) -> Statement:
        """One Cypher statement; ``limit`` is a ranking's.

        Raises:
            UsageError: what is asked for does not go together.
        """
        if isinstance(self.means, NamedQuery):
            return self._query(self.means)
        if self.by == "block":
            return index_rows(self.means, self.scope)
        if self.counts:
            return compile_count(self.means, self.scope, self.by)
        if self.rank is None:
            return compile_rows(self.means, self.scope, shown=self.shown)
        if limit is None:
            raise UsageError("a ranking needs a limit: it says how many of the first there are")
        if self.rank == "flops":
            return index_rows(self.means, self.scope)
        return compile_ranked(self.means, self.scope, RANKS[self.rank], limit, shown=self.shown)

    def _query(self, query: NamedQuery) -> Statement:
        if self.rank is not None:
            raise UsageError(f"{query.name} is a query, which has an order of its own: no rank")
        if self.by == "block":
            raise UsageError(f"{query.name} is a query, whose rows are not ops alone: no blocks")
        given = {"graph": self.scope.graph, "collection": self.scope.collection}
        return Statement(query.text, query.bind(given))


def question(
    store: Store,
    pattern: str,
    *,
    graph: str | None = None,
    collection: str | None = None,
    count: bool = False,
    by: str | None = None,
    rank: str | None = None,
    shown: Shown = "text",
) -> Question:
    """What :func:`match` asks. See there for the arguments and what it raises."""
    means = find(pattern)
    if graph is not None and collection is not None:
        raise UsageError("say a graph or a collection, not both")
    if rank is not None and (count or by is not None):
        raise UsageError("a count has no rank")
    for what, word, known in (("rank", rank, RANKS), ("by", by, BY)):
        if word is not None and word not in known:
            raise UsageError(f"{what}: expected one of {', '.join(known)}; found {word!r}")
    if by == "block" and graph is None:
        raise UsageError("blocks are of one graph: name it")
    scope = Scope(find_graph(store, graph) if graph else None, _collection(store, collection) if collection else None)
    return Question(means, scope, count, by, rank, shown)  # type: ignore[arg-type]


def match(
    store: Store, pattern: str, *, limit: int | None = None, timeout: float | None = None, **asked: Any
) -> Result:
    """See :meth:`tpugraph_db.database.Database.match`."""
    return run(store, question(store, pattern, **asked), limit=limit, timeout=timeout)


def run(store: Store, asked: Question, *, limit: int | None = None, timeout: float | None = None) -> Result:
    """The rows, by graph and op where neither a ranking nor a query has an order; of more than ``limit``, any."""
    statement = asked.statement(limit)
    if isinstance(asked.means, NamedQuery):
        if asked.counts:
            return _counted(store, statement, asked.by, timeout).cut(limit)
        return store.query(statement.text, statement.parameters, timeout=timeout, limit=limit)
    if statement.impossible and not asked.counts:
        ranked = [] if asked.rank is None else [RANKS[asked.rank]]
        return Result(("graph", *column_names(asked.means), *ranked), [], 0)
    if asked.by == "block":
        return count_by_block(store, asked.means, asked.scope, timeout).cut(limit)
    if asked.rank == "flops":
        return rank_by_flops(store, asked.means, asked.scope, limit or 0, shown=asked.shown, timeout=timeout)
    result = store.query(statement.text, statement.parameters, timeout=timeout, limit=limit)
    if asked.rank is not None:
        return _with_total(store, asked.means, asked.scope, result, limit, timeout)
    return result if asked.counts else replace(result, rows=sorted(result.rows, key=place))


def _with_total(
    store: Store, pattern: Pattern, scope: Scope, ranked: Result, limit: int | None, timeout: float | None
) -> Result:
    """A ranking that says how many matches there are beside those that it has."""
    if len(ranked) != limit:
        return ranked
    count = compile_count(pattern, scope)
    return replace(ranked, total=store.query(count.text, count.parameters, timeout=timeout).rows[0][0])


def find(pattern: str) -> Pattern | NamedQuery:
    """What a text means: a pattern of the library by its name, else a pattern.

    Raises:
        PatternError: it is neither; names the place, and near names of the library.
    """
    known = find_pattern(pattern.strip())
    if known is not None:
        return known.means
    try:
        return parse(pattern)
    except PatternError as error:
        near = did_you_mean(pattern.strip(), pattern_names())
        if not near or "is no opcode" not in str(error):
            raise
        raise NotFoundError(f"no opcode and no pattern of the library {pattern!r}{near}") from error


def _counted(store: Store, statement: Statement, by: str | None, timeout: float | None) -> Result:
    """Rows of a query counted as they come; none is kept."""
    with store.stream(statement.text, statement.parameters, timeout=timeout) as cursor:
        graphs = Counter(str(row[0]) for row in cursor.rows)
    if by is None:
        return Result(("matches",), [(graphs.total(),)], 1)
    names = graphs if by == "graph" else _by_collection(graphs)
    rows: list[tuple[Any, ...]] = sorted(names.items(), key=lambda item: (-item[1], item[0]))
    return Result((by, "matches"), rows, len(rows))


def _by_collection(graphs: Mapping[str, int]) -> Counter[str]:
    found: Counter[str] = Counter()
    for graph, count in graphs.items():
        found[graph.split("/", 1)[0]] += count
    return found


def _collection(store: Store, name: str) -> str:
    known: Iterable[tuple[Any, ...]] = store.query("MATCH (g:Graph) RETURN DISTINCT g.collection").rows
    names = sorted(str(row[0]) for row in known)
    if name not in names:
        raise NotFoundError(
            f"no collection {name!r}{did_you_mean(name, names)} (there are {', '.join(names) or 'none'})"
        )
    return name
