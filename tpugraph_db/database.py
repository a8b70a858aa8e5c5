"""A store with its verbs: what :func:`tpugraph_db.open` returns."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from tpugraph_db import schema
from tpugraph_db.asked import Asked
from tpugraph_db.errors import DataError, UsageError
from tpugraph_db.formats import MAX_BYTES
from tpugraph_db.load import JOBS, load_files, survey_files
from tpugraph_db.loading import Outcome
from tpugraph_db.matching import Match, matches
from tpugraph_db.models.baselines.trained_gbdt import GbdtRecipe
from tpugraph_db.models.judging.by_kind import ByKind
from tpugraph_db.models.prediction import Model
from tpugraph_db.models.registry import find_model, find_scorer
from tpugraph_db.models.training.recipe import Recipe
from tpugraph_db.paths import is_file
from tpugraph_db.predict import predict_graphs
from tpugraph_db.predicted import GraphPrediction
from tpugraph_db.query import find_graph, run_named, stored_record
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
    from tpugraph_db.analytics.machines import Machine
    from tpugraph_db.evaluate import Evaluation
    from tpugraph_db.models.judging.judge import Scorer
    from tpugraph_db.patterns.compile import Shown
    from tpugraph_db.stores.serve import Server


def open(uri: str | Path | None = None, *, create: bool = True) -> Database:
    """Open a store: a path or ``arcadedb:PATH`` (embedded), or a Bolt address of a Neo4j.

    Where another process serves an embedded store (tpudb serve, :meth:`Database.serve`), this is its client.
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


class Database(Asked):
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

    def explain(self, text: str, params: Mapping[str, Any] | None = None, *, write: bool = False) -> str:
        """How the engine would run a statement, in its own words, over several lines. Nothing is run.

        Raises:
            QueryError, ReadOnlyError: as :meth:`query`.
        """
        return self.store.explain(text, params, write=write)

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
            by: How many in each ``graph`` or ``collection``, or each repeated ``block`` of ``graph`` (:meth:`blocks`).
            rank: Those first whose ops have most ``bytes``, ``flops``, ``cost`` or ``measured`` ns together; needs
                ``limit``.
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

    def serve(self, *, port: int = 0, write: bool = False) -> Server:
        """Serve an embedded store to the other processes of this user, which find it when they open its folder.

        They read only, unless ``write``. It goes on until the server's ``stop()``, or the end of its ``with`` block;
        ``wait()`` does nothing until then. Stop it before the store is closed (docs/serve.md).

        Args:
            port: On loopback; 0: a free one.

        Raises:
            StoreError: the port is taken; or the store is served already, by another process.
            UsageError: the store is a Neo4j.

        >>> with db.serve(write=True) as server:                            # doctest: +SKIP
        ...     server.wait()
        """
        from tpugraph_db.stores.serve import Server

        return Server(self.store, port=port, write=write)

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
