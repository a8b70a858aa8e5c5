"""A store with its verbs: what :func:`tpugraph_db.open` returns."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from tpugraph_db import schema
from tpugraph_db.errors import DataError, UsageError
from tpugraph_db.formats import MAX_BYTES, read
from tpugraph_db.load import JOBS, load_files, survey_files
from tpugraph_db.loading import Outcome
from tpugraph_db.matching import Match, matches
from tpugraph_db.models.baselines.trained_gbdt import GbdtRecipe
from tpugraph_db.models.judging.by_kind import ByKind
from tpugraph_db.models.prediction import Model
from tpugraph_db.models.registry import find_model, find_scorer
from tpugraph_db.models.training.recipe import Recipe
from tpugraph_db.predict import predict_graphs
from tpugraph_db.predicted import GraphPrediction
from tpugraph_db.query import find_graph, is_file, run_named, stored_record
from tpugraph_db.record import GraphRecord
from tpugraph_db.remove import remove_graphs
from tpugraph_db.rows import DEFAULT_CONFIGS, now
from tpugraph_db.scores import Columns, stored_scores
from tpugraph_db.stores import Result, Store, open_store
from tpugraph_db.stores.base import Cursor, check_schema_version
from tpugraph_db.surroundings import HOPS
from tpugraph_db.train import TRAIN, VALID, Trained, TrainedTrees, choose, train_model
from tpugraph_db.where import expect_parameters
from tpugraph_db.write_back import clear_prediction

if TYPE_CHECKING:
    from tpugraph_db.analytics.diff import Difference
    from tpugraph_db.analytics.figures import Figure
    from tpugraph_db.analytics.machines import Machine
    from tpugraph_db.analytics.roofline import Roofline
    from tpugraph_db.evaluate import Evaluation
    from tpugraph_db.models.judging.judge import Scorer
    from tpugraph_db.patterns.compile import Shown


def open(uri: str | Path | None = None, *, create: bool = True) -> Database:
    """Open a store: a path or ``arcadedb:PATH`` (embedded), or a Bolt address of a Neo4j.

    None means TPUDB_DB, else NEO4J_URI, else a folder under the platform's data folder. User, password and database of
    a Neo4j come from NEO4J_USERNAME, NEO4J_PASSWORD and NEO4J_DATABASE.

    Args:
        uri: The address. ``neo4j://``, ``bolt://``, each also ``+s`` and ``+ssc``.
        create: Make an embedded store that is not there yet.

    Raises:
        StoreError: it cannot be reached or opened, or has another schema version.
        UsageError: the address makes no sense, or holds a password.

    >>> db = open("my-graphs")                                          # doctest: +SKIP
    >>> db.load(["npz/"])                                               # doctest: +SKIP
    >>> db.query("MATCH (:Op {opcode: 'convolution'})-[:FEEDS]->(o) RETURN o.opcode, count(*)")  # doctest: +SKIP
    """
    return Database(open_store(uri, create=create))


class Database:
    """Graphs in a store, and their arrays beside it. A context manager; :meth:`close` lets go of the store."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._ready = False
        try:
            self._find_store_node()
        except BaseException:
            store.close()
            raise

    def __enter__(self) -> Database:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Database {self.store.engine} {self.store.location}>"

    def close(self) -> None:
        """Let go of the store."""
        self.store.close()

    def query(
        self,
        text: str,
        params: Mapping[str, Any] | None = None,
        *,
        write: bool = False,
        timeout: float | None = None,
        limit: int | None = None,
    ) -> Result:
        """Run Cypher; the same text and the same Python values on every engine.

        Args:
            text: One statement. Values belong into ``params``, as ``$name``.
            write: Let it change the store. A read neither writes nor leaves the database.
            timeout: Seconds after which the engine stops it.
            limit: Keep this many rows, and count the rest (:attr:`Result.truncated`).

        Raises:
            QueryError: it does not run. ReadOnlyError: it would write or leave. QueryTimeoutError: it took too long.
        """
        return self.store.query(text, params, write=write, timeout=timeout, limit=limit)

    def stream(
        self, text: str, params: Mapping[str, Any] | None = None, *, timeout: float | None = None
    ) -> AbstractContextManager[Cursor]:
        """As :meth:`query` for a read of any number of rows, none of which is kept: they come as the engine gives them.

        >>> with db.stream("MATCH (o:Op) RETURN o.uid AS uid") as cursor:  # doctest: +SKIP
        ...     for uid, in cursor.rows: ...
        """
        return self.store.stream(text, params, timeout=timeout)

    def run(self, query: str, /, *, timeout: float | None = None, limit: int | None = None, **params: Any) -> Result:
        """Run a query of the library (:mod:`tpugraph_db.cypher`) by name.

        Raises:
            NotFoundError: no query of that name. UsageError: a parameter is missing or unknown.
        """
        return run_named(self.store, query, params, timeout=timeout, limit=limit)

    def match(
        self,
        pattern: str,
        *,
        graph: str | None = None,
        collection: str | None = None,
        count: bool = False,
        by: str | None = None,
        rank: str | None = None,
        limit: int | None = None,
        timeout: float | None = None,
        shown: Shown = "text",
    ) -> Result:
        """Find a pattern of ops (docs/patterns.md); ``->`` is FEEDS, producer -> consumer. A row is a match.

        Args:
            pattern: A pattern, or the name of one in the library (:mod:`tpugraph_db.cypher.patterns`).
            graph: Look only at this graph (an id, or a unique part of one).
            collection: Look only at graphs of this collection.
            count: Give only how many matches there are.
            by: How many in each ``graph`` or ``collection``.
            rank: Those first whose ops have most ``bytes``, ``cost`` or ``measured`` ns together; needs ``limit``.
            limit: Keep this many rows, and count the rest.
            timeout: Seconds after which the engine stops it.
            shown: An op as ``text``, ``name#index``, or as its ``index``.

        Raises:
            PatternError: it is no pattern; says where. NotFoundError: no such graph or collection.
            UsageError: what is asked for does not go together.
        """
        from tpugraph_db.match import match

        self._look_again()
        asked = {"graph": graph, "collection": collection, "count": count, "by": by, "rank": rank, "shown": shown}
        return match(self.store, pattern, limit=limit, timeout=timeout, **asked)

    def load(
        self,
        paths: Iterable[str | Path],
        *,
        collection: str | None = None,
        split: str | None = None,
        name: str | None = None,
        configs: int | None = DEFAULT_CONFIGS,
        replace: bool = False,
        max_bytes: int = MAX_BYTES,
        jobs: int = JOBS,
        dry_run: bool = False,
        on_outcome: Callable[[Outcome], None] | None = None,
    ) -> list[Outcome]:
        """Load files, and folders of files; ``dry_run`` only says what would be done.

        See :func:`tpugraph_db.load.load_files` for the arguments and :class:`tpugraph_db.load.Outcome` for the answer.
        """
        if not dry_run:
            self._make_ready()
        verb = survey_files if dry_run else load_files
        return verb(
            self.store,
            [Path(path) for path in paths],
            collection=collection,
            split=split,
            name=name,
            configs=configs,
            replace=replace,
            max_bytes=max_bytes,
            jobs=jobs,
            on_outcome=on_outcome,
        )

    def graphs(self) -> Result:
        """The Graph nodes' properties, a row a graph, by id."""
        self._look_again()
        columns = ", ".join(f"g.{name} AS {name}" for name in schema.GRAPH.property_names())
        return self.query(f"MATCH (g:Graph) RETURN {columns} ORDER BY g.id")

    def find(self, part: str) -> str:
        """The id of the one graph whose id is, or contains, ``part``.

        Raises:
            NotFoundError: there is none. AmbiguousError: there are several.
        """
        self._look_again()
        return find_graph(self.store, part)

    def matching(self, where: str | Path, *, hops: int = HOPS, params: Mapping[str, Any] | None = None) -> list[Match]:
        """The graphs ``g`` that a Cypher condition holds for, as ``g.split = 'train'``, or what a file's query returns.

        See :func:`tpugraph_db.matching.matches` for the arguments.

        Raises:
            QueryError: it is no Cypher, or would write. NotFoundError: it matches nothing.
            DataError: the query returns neither graphs nor ops. UsageError: a parameter is missing or unknown.
        """
        self._look_again()
        expect_parameters([where], params or {})
        return matches(self.store, where, hops=hops, params=params)

    def record(self, graph: str, *, verify: bool = True) -> GraphRecord:
        """The record of a graph that is loaded, its arrays memory-mapped from the payload.

        ``verify`` reads the whole file once a process and compares it with its name, the sha256 of its content.

        Raises:
            NotFoundError, AmbiguousError: as :meth:`find`. PayloadError: the payload is missing or changed.
        """
        return stored_record(self.store, self.find(graph), verify=verify)

    def export(
        self,
        graph: str,
        path: str | Path,
        format_: str = "npz",
        *,
        node_data: str | None = None,
        machine: str | Path | Machine | None = None,
        **subset: Any,
    ) -> list[Path]:
        """Write a graph, or some of its ops, as a file of another tool (:mod:`tpugraph_db.exports`); the files written.

        Args:
            graph: Its id, or a part of it.
            path: The file; for ``parquet`` a folder.
            format_: ``npz``, ``graphml``, ``dot``, ``json``, ``parquet`` or ``model-explorer``.
            node_data: A figure, as in :meth:`hot`, for Model Explorer's file of node data beside it.
            machine: For ``modelled`` and ``headroom``.
            subset: As in :func:`tpugraph_db.analytics.subset.choose_ops`.

        Raises:
            NotFoundError, AmbiguousError, PayloadError: as :meth:`record`. OSError: the file cannot be written.
            UsageError: no such format.
        """
        from tpugraph_db.exports import export
        from tpugraph_db.figured import figure_of

        record, ops = self._chosen(graph, subset)
        figure = None if node_data is None else figure_of(record, node_data, machine=machine, store=self.store)
        return export(record, Path(path), format_, ops, figure)

    def remove(self, graphs: Iterable[str]) -> list[str]:
        """Remove graphs, and payload that nothing else refers to; their ids."""
        return remove_graphs(self.store, [self.find(graph) for graph in graphs])

    def predict(
        self,
        graphs: Iterable[str | Match] | None = None,
        *,
        where: str | Path | None = None,
        hops: int = HOPS,
        params: Mapping[str, Any] | None = None,
        model: str | Path | Model = "cost",
        write: bool = False,
        on_left_out: Callable[[str, DataError], None] | None = None,
    ) -> list[GraphPrediction]:
        """Predict ranks, and with ``write`` put them on the nodes. Neither ``graphs`` nor ``where``: every graph.

        Of ops that match, what is around them is predicted, and they alone are written on.

        Args:
            graphs: Ids or parts of them, paths of files that are not loaded (which have no nodes to write on), and what
                :meth:`matching` gives.
            where: A condition or a file of Cypher instead; ``hops`` and ``params`` as :meth:`matching` takes them.
            model: A name (:mod:`tpugraph_db.models.registry`), a checkpoint's folder, or a model.
            on_left_out: Called with a graph that the model cannot rank, and why; without it such a one is an error.

        Raises:
            DataError: the model cannot rank a graph. NotFoundError: no such model, or graph.
            UsageError: both ``graphs`` and ``where``; or nodes are to be written that there are not.
        """
        if graphs is not None and where is not None:
            raise UsageError("expected graphs or where to find them, found both")
        if where is not None:
            graphs = self.matching(where, hops=hops, params=params)
        ids = [row[0] for row in self.graphs()] if graphs is None else list(dict.fromkeys(map(self._known, graphs)))
        found = find_model(model) if isinstance(model, str | Path) else model
        return predict_graphs(self.store, ids, found, write, on_left_out)

    def scores(self, graph: str, model: str) -> Columns:
        """What a model has written of every configuration, nodes or not, memory-mapped.

        By property, (c,) each by the configuration's number: of a checkpoint called ``gcn`` ``gcn_score`` float64 and
        ``gcn_rank`` int64. Lower is faster.

        Raises:
            NotFoundError: no such graph, or no scores of that model. AmbiguousError: as :meth:`find`.
            PayloadError: the file is missing or changed.
        """
        return stored_scores(self.store, self.find(graph), model)

    def clear(self, graphs: Iterable[str] | None = None, *, model: str) -> int:
        """Take a model's properties and Prediction nodes off again; how many graphs had them.

        Config nodes that its best configurations were given stay, as if they had been loaded.
        """
        ids = [self.find(graph) for graph in graphs] if graphs is not None else None
        return clear_prediction(self.store, ids, model)

    def train(
        self,
        folder: str | Path,
        recipe: Recipe | GbdtRecipe | None = None,
        *,
        where: str | Path = TRAIN,
        valid: str | Path | None = VALID,
        hops: int = HOPS,
        params: Mapping[str, Any] | None = None,
        **options: Any,
    ) -> Trained | TrainedTrees:
        """Train a model on the store's graphs; ``folder`` gets the checkpoint.

        See :func:`tpugraph_db.train.choose` for ``where``, ``valid``, ``hops`` and ``params``, and
        :func:`tpugraph_db.train.train_network` and :func:`tpugraph_db.train.train_gbdt` for the options.
        """
        self._look_again()
        chosen = choose(self.store, where, valid, hops=hops, params=params)
        return train_model(chosen, recipe or Recipe(), Path(folder), **options)

    def evaluate(self, models: Iterable[str | Scorer] | Mapping[str, str | Scorer] = (), **options: Any) -> Evaluation:
        """Judge models, by checkpoint folder or ``NAME=FOLDER``, beside what they must beat.

        ``models`` by kind, ``layout`` and ``tile``, are judged as one on both: ``.competition()`` has the score.
        See :func:`tpugraph_db.evaluate.evaluate` for the options and what it raises.
        """
        from tpugraph_db.evaluate import evaluate

        self._look_again()
        if isinstance(models, Mapping):
            return evaluate(self.store, [ByKind(_scorers(models))], **options)
        scorers = [find_scorer(model) if isinstance(model, str) else model for model in models]
        return evaluate(self.store, scorers, **options)

    def submit(
        self, models: Mapping[str, str | Scorer], sample: str | Path, path: str | Path, **options: Any
    ) -> Sequence[str]:
        """Write the competition's file from the loaded test graphs; ``models`` by kind, ``layout`` and ``tile``.

        See :func:`tpugraph_db.submit.submit` for the options and what it raises.
        """
        from tpugraph_db.submit import submit

        self._look_again()
        return submit(self.store, _scorers(models), Path(sample), Path(path), **options)

    def _known(self, graph: str | Match) -> str | Match:
        """A file's path and a match as they are, a part of an id as the id."""
        return graph if isinstance(graph, Match) or is_file(graph) else self.find(graph)

    def hot(
        self,
        graph: str,
        by: str | None = None,
        *,
        count: int = 20,
        group: str | None = None,
        machine: str | Path | Machine | None = None,
    ) -> Result:
        """The ops with most of a figure, or with ``group`` the opcodes, repeated blocks or source lines.

        Args:
            graph: Its id, or a part of it.
            by: A figure (:data:`tpugraph_db.analytics.figures.KINDS`), or ``MODEL_share``; None: profiled time where
                there is a profile, else flops.
            count: How many rows.
            group: ``opcode``, ``block`` or ``source``.
            machine: For ``modelled`` and ``headroom``: the name of a machine, or its file.

        Raises:
            NotFoundError: no such graph, figure, group or machine. UsageError: the figure needs a machine or a profile.
        """
        from tpugraph_db.analytics.hot import hot, hot_groups

        record, figure = self._figured(graph, by, machine)
        return hot(record, figure, count) if group is None else hot_groups(record, figure, group, count)

    def blocks(
        self, graph: str, by: str | None = None, *, count: int = 20, machine: str | Path | Machine | None = None
    ) -> Result:
        """The repeated blocks of a graph, by what all copies have of a figure together; arguments as :meth:`hot`."""
        from tpugraph_db.analytics.hot import block_rows

        return block_rows(*self._figured(graph, by, machine), count)

    def path(
        self,
        graph: str,
        by: str | None = None,
        *,
        count: int = 1,
        computation: int | None = None,
        between: tuple[str | int, str | int] | None = None,
        machine: str | Path | Machine | None = None,
    ) -> Result:
        """The critical path under a figure, op after op, and the next dearest ones; arguments as :meth:`hot`.

        Args:
            count: How many ways.
            computation: Its number; None: where the program begins.
            between: Two ops, by index or name: the dearest way from the one to the other instead.

        Raises:
            NotFoundError: also no such op or computation, or no way between the two. UsageError: the figure is no sum.
        """
        from tpugraph_db.analytics.find_op import find_op
        from tpugraph_db.analytics.path_rows import path_between, path_rows

        record, figure = self._figured(graph, by, machine)
        if between:
            return path_between(record, figure, *(find_op(record, op) for op in between))
        return path_rows(record, figure, computation=computation, count=count)

    def near(self, graph: str, op: str | int, *, hops: int = 2, **options: Any) -> Result:
        """The ops around one, by index or name: see :func:`tpugraph_db.analytics.near.near` for the options.

        Raises:
            NotFoundError: no such graph or op.
        """
        from tpugraph_db.analytics.find_op import find_op
        from tpugraph_db.analytics.near import near

        record = self.record(graph)
        return near(record, find_op(record, op), hops, **options)

    def stats(self, graph: str, by: str | None = None, *, count: int | None = None, **subset: Any) -> Result:
        """What a graph is, or some of its ops, or with ``by`` each group of them.

        See :func:`tpugraph_db.analytics.stats.stats` for the columns, and
        :func:`tpugraph_db.analytics.subset.choose_ops` for what chooses ops and what it raises.
        """
        from tpugraph_db.analytics.stats import stats

        record, ops = self._chosen(graph, subset)
        return stats(record, ops, by, count)

    def draw(
        self,
        graph: str,
        path: str | Path,
        by: str | None = None,
        *,
        machine: str | Path | Machine | None = None,
        **subset: Any,
    ) -> None:
        """Draw up to 600 ops in layers into an ``.svg`` or a ``.png``; figure and subset as in :meth:`export`.

        Raises:
            UsageError: they are more, the path has another suffix, or a png needs Pillow.
            OSError: the file cannot be written.
        """
        from tpugraph_db.figured import figure_of
        from tpugraph_db.pictures import picture_of, write_picture

        record, ops = self._chosen(graph, subset)
        figure = figure_of(record, by, machine=machine, store=self.store)
        write_picture(picture_of(record, figure, ops), Path(path))

    def nx(self, graph: str, algorithm: str, *, count: int = 20) -> Result:
        """The ops with the largest values of one of networkx's algorithms.

        See :data:`tpugraph_db.analytics.algorithms.ALGORITHMS`.

        Raises:
            NotFoundError: no such graph or algorithm. UsageError: it needs a package that is not installed.
        """
        from tpugraph_db.analytics.algorithms import algorithm_rows

        return algorithm_rows(self.record(graph), algorithm, count)

    def _chosen(self, graph: str, subset: Mapping[str, Any]) -> tuple[GraphRecord, Any]:
        from tpugraph_db.analytics.subset import choose_ops

        record = self.record(graph)
        return record, choose_ops(record, store=self.store, **subset)

    def diff(
        self,
        a: str | Path,
        b: str | Path,
        by: str | None = None,
        *,
        machine: str | Path | Machine | None = None,
        **options: Any,
    ) -> Difference:
        """What differs between two graphs, each an id or a file: ops, figures, configurations, predictions.

        See :func:`tpugraph_db.diffed.diff_graphs` for the options. ``changes`` and ``summary()`` of the answer are
        rows; :func:`tpugraph_db.analytics.gates.hold` holds it to bounds.

        Raises:
            NotFoundError: no such graph, figure or machine. UsageError: the figure needs a machine or a profile.
        """
        from tpugraph_db.diffed import diff_graphs

        return diff_graphs(self._side(a), self._side(b), by, machine=machine, **options)

    def _side(self, graph: str | Path) -> tuple[GraphRecord, Store | None]:
        """A file's graph, or one that is loaded with the store."""
        if is_file(str(graph)):
            return read(graph), None
        return self.record(str(graph)), self.store

    def _figured(self, graph: str, by: str | None, machine: str | Path | Machine | None) -> tuple[GraphRecord, Figure]:
        from tpugraph_db.figured import figure_of

        record = self.record(graph)
        return record, figure_of(record, by, machine=machine, store=self.store)

    def roofline(self, graph: str, machine: str | Path | Machine) -> Roofline:
        """Model the time of a graph's ops on a machine: the name of one that is shipped, or the path of a file.

        See :func:`tpugraph_db.analytics.roofline.roofline`; its ``top`` gives rows.

        Raises:
            NotFoundError, AmbiguousError, PayloadError: as :meth:`record`; or there is no such machine.
            DataError: a machine file that lacks a key.
        """
        from tpugraph_db.analytics.machines import Machine, find_machine
        from tpugraph_db.analytics.roofline import roofline

        found = machine if isinstance(machine, Machine) else find_machine(machine)
        return roofline(self.record(graph), found)

    def configs(self, graph: str, *, count: int = 10, op: str | int | None = None) -> Result:
        """The fastest configurations of a graph, and which ops differ from the compiler's own, else from the best.

        Args:
            graph: Its id, or a part of it.
            count: How many rows.
            op: Index or name: the layouts that this op was given instead, and what each does to runtime.

        Raises:
            NotFoundError: no such graph or op. DataError: no configurations or runtimes, or an op that has no choice.
        """
        from tpugraph_db.analytics.configs import configs, op_choices

        record = self.record(graph)
        return configs(record, count) if op is None else op_choices(record, op, count)

    def sensitivity(self, graph: str, *, count: int = 20, permutations: int = 9_999, seed: int = 0) -> Result:
        """How much measured runtime moves with each configurable op's layout: the ``count`` ops that move it most.

        See :func:`tpugraph_db.analytics.sensitivity.sensitivity`, and ``Sensitivity.top`` there for the columns.

        Raises:
            NotFoundError: no such graph. DataError: no layouts of ops, or no two runtimes that differ.
        """
        from tpugraph_db.analytics.sensitivity import sensitivity

        return sensitivity(self.record(graph), permutations=permutations, seed=seed).top(count)

    def why(self, graph: str, config: str | int, vs: str | int, *, count: int = 20) -> Result:
        """Why one configuration is slower than another: numbers, or best, worst, median, default.

        See :func:`tpugraph_db.analytics.why.why`, and ``Why.top`` there for the columns.

        Raises:
            NotFoundError: no such graph or configuration. DataError: no layouts of ops or runtimes, or too few.
        """
        from tpugraph_db.analytics.why import why

        return why(self.record(graph), config, vs).top(count)

    def _make_ready(self) -> None:
        """Schema and Store node, once for an empty store or one of an older schema."""
        if self._ready:
            return
        self.store.apply_schema()
        values = {"id": uuid.uuid4().hex, "version": schema.SCHEMA_VERSION, "now": now()}
        self.store.write([(_STORE_NODE, values)])
        self._find_store_node()

    def _look_again(self) -> None:
        """Another process may have filled the store since it was opened: its id names the payload's folder."""
        if not self._ready:
            self._find_store_node()

    def _find_store_node(self) -> None:
        """Check the schema's version, and tell the store its id."""
        found = self.store.query("MATCH (s:Store) RETURN s.id, s.schema_version").rows
        if not found:
            return
        identity, version = found[0]
        check_schema_version(version, self.store.location)
        self.store.know_id(identity)
        self._ready = version == schema.SCHEMA_VERSION


_STORE_NODE = "MERGE (s:Store) ON CREATE SET s.id = $id, s.created_at = $now SET s.schema_version = $version"


def _scorers(models: Mapping[str, str | Scorer]) -> dict[str, Scorer]:
    return {kind: find_scorer(model) if isinstance(model, str) else model for kind, model in models.items()}
