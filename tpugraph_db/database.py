"""A store with its verbs: what :func:`tpugraph_db.open` returns."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from tpugraph_db import schema
from tpugraph_db.errors import DataError
from tpugraph_db.formats import MAX_BYTES, npz, read
from tpugraph_db.load import JOBS, load_files, survey_files
from tpugraph_db.loading import Outcome
from tpugraph_db.models.prediction import Model
from tpugraph_db.models.registry import find_model, find_scorer
from tpugraph_db.models.training.recipe import Recipe
from tpugraph_db.predict import is_file, predict_graphs
from tpugraph_db.predicted import GraphPrediction
from tpugraph_db.query import find_graph, matching_graphs, run_named, stored_record
from tpugraph_db.record import GraphRecord
from tpugraph_db.remove import remove_graphs
from tpugraph_db.rows import DEFAULT_CONFIGS, now
from tpugraph_db.stores import Result, Store, open_store
from tpugraph_db.stores.base import Cursor, check_schema_version
from tpugraph_db.train import TRAIN, VALID, Trained, choose, train_network
from tpugraph_db.write_back import clear_prediction

if TYPE_CHECKING:
    from tpugraph_db.analytics.diff import Difference
    from tpugraph_db.analytics.figures import Figure
    from tpugraph_db.analytics.machines import Machine
    from tpugraph_db.analytics.roofline import Roofline
    from tpugraph_db.evaluate import Evaluation
    from tpugraph_db.models.judging.judge import Scorer


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

    def matching(self, where: str) -> list[str]:
        """Ids of the graphs ``g`` that a Cypher condition holds for, as ``g.split = 'train'``, sorted.

        Raises:
            QueryError: it is no Cypher, or would write. NotFoundError: it holds for none.
        """
        self._look_again()
        return matching_graphs(self.store, where)

    def record(self, graph: str, *, verify: bool = True) -> GraphRecord:
        """The record of a graph that is loaded, its arrays memory-mapped from the payload.

        ``verify`` reads the whole file once a process and compares it with its name, the sha256 of its content.

        Raises:
            NotFoundError, AmbiguousError: as :meth:`find`. PayloadError: the payload is missing or changed.
        """
        return stored_record(self.store, self.find(graph), verify=verify)

    def export(self, graph: str, path: str | Path) -> None:
        """Write a graph's arrays to a TpuGraphs npz file (:func:`tpugraph_db.formats.npz.write`).

        Raises:
            NotFoundError, AmbiguousError, PayloadError: as :meth:`record`. OSError: the file cannot be written.
        """
        npz.write(self.record(graph), path)

    def remove(self, graphs: Iterable[str]) -> list[str]:
        """Remove graphs, and payload that nothing else refers to; their ids."""
        return remove_graphs(self.store, [self.find(graph) for graph in graphs])

    def predict(
        self,
        graphs: Iterable[str] | None = None,
        *,
        model: str | Path | Model = "cost",
        write: bool = False,
        on_left_out: Callable[[str, DataError], None] | None = None,
    ) -> list[GraphPrediction]:
        """Predict ranks, and with ``write`` put them on the nodes. None: every graph.

        Args:
            graphs: Ids or parts of them, and paths of files that are not loaded (which have no nodes to write on).
            model: A name (:mod:`tpugraph_db.models.registry`), a checkpoint's folder, or a model.
            on_left_out: Called with a graph that the model cannot rank, and why; without it such a one is an error.

        Raises:
            DataError: the model cannot rank a graph. NotFoundError: no such model, or graph.
        """
        if graphs is None:
            ids = [row[0] for row in self.graphs()]
        else:
            ids = list(dict.fromkeys(graph if is_file(graph) else self.find(graph) for graph in graphs))
        found = find_model(model) if isinstance(model, str | Path) else model
        return predict_graphs(self.store, ids, found, write, on_left_out)

    def clear(self, graphs: Iterable[str] | None = None, *, model: str) -> int:
        """Take a model's properties and Prediction nodes off again; how many graphs had them.

        Config nodes that its best configurations were given stay, as if they had been loaded.
        """
        ids = [self.find(graph) for graph in graphs] if graphs is not None else None
        return clear_prediction(self.store, ids, model)

    def train(
        self,
        folder: str | Path,
        recipe: Recipe | None = None,
        *,
        where: str = TRAIN,
        valid: str | None = VALID,
        **options: Any,
    ) -> Trained:
        """Train a network on the store's graphs; ``folder`` gets the checkpoint.

        See :func:`tpugraph_db.train.choose` for the conditions ``where`` and ``valid``, and
        :func:`tpugraph_db.train.train_network` for the options.
        """
        self._look_again()
        return train_network(choose(self.store, where, valid), recipe or Recipe(), Path(folder), **options)

    def evaluate(self, models: Iterable[str | Scorer] = (), **options: Any) -> Evaluation:
        """Judge models, by checkpoint folder or ``NAME=FOLDER``, beside what they must beat.

        See :func:`tpugraph_db.evaluate.evaluate` for the options and what it raises.
        """
        from tpugraph_db.evaluate import evaluate

        self._look_again()
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
        scorers = {kind: find_scorer(model) if isinstance(model, str) else model for kind, model in models.items()}
        return submit(self.store, scorers, Path(sample), Path(path), **options)

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
            NotFoundError, AmbiguousError, PayloadError: as :meth:`record`; or no such machine. DataError: a machine file
                that lacks a key.
        """
        from tpugraph_db.analytics.machines import Machine, find_machine
        from tpugraph_db.analytics.roofline import roofline

        found = machine if isinstance(machine, Machine) else find_machine(machine)
        return roofline(self.record(graph), found)

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
