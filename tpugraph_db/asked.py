"""The verbs that ask: what analytics says of a graph in a store."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tpugraph_db.formats import read
from tpugraph_db.paths import is_file
from tpugraph_db.record import GraphRecord
from tpugraph_db.stores import Result, Store

if TYPE_CHECKING:
    from tpugraph_db.analytics.diff import Difference
    from tpugraph_db.analytics.figures import Figure
    from tpugraph_db.analytics.machines import Machine
    from tpugraph_db.analytics.roofline import Roofline
    from tpugraph_db.pictures import Svg


class Asked(ABC):
    """Questions about a graph that is loaded; :class:`tpugraph_db.database.Database` is one."""

    store: Store

    @abstractmethod
    def record(self, graph: str, *, verify: bool = True) -> GraphRecord:
        """The record of a graph that is loaded."""

    def hot(
        self,
        graph: str,
        by: str | None = None,
        *,
        count: int = 20,
        group: str | None = None,
        machine: str | Path | Machine | None = None,
    ) -> Result:
        """The ops with most of a figure, or with ``group`` the opcodes, repeated blocks, computations or source lines.

        Args:
            graph: Its id, or a part of it.
            by: A figure (:data:`tpugraph_db.analytics.figures.KINDS`), or ``MODEL_share``; None: profiled time where
                there is a profile, else flops.
            count: How many rows.
            group: ``opcode``, ``block``, ``computation`` or ``source``.
            machine: For ``modelled`` and ``headroom``: the name of a machine, or its file.

        Raises:
            NotFoundError: no such graph, figure, group, machine or profile. UsageError: the figure needs a machine.
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
        fewest: bool = False,
        slack: bool = False,
        machine: str | Path | Machine | None = None,
    ) -> Result:
        """The critical path under a figure, op after op, and the next dearest ones; arguments as :meth:`hot`.

        Args:
            count: How many ways, or ops with ``slack``.
            computation: Its number; None: where the program begins.
            between: Two ops, by index or name: the dearest way from the one to the other instead.
            fewest: Of the ways between them the one of fewest edges, calls among them.
            slack: Ops by slack instead, the least first.

        Raises:
            NotFoundError: also no such op or computation, or no way between the two. UsageError: the figure is no sum.
        """
        from tpugraph_db.analytics.find_op import find_op
        from tpugraph_db.analytics.path_rows import path_between, path_rows, slack_rows

        record, figure = self._figured(graph, by, machine)
        if between:
            start, end = (find_op(record, op) for op in between)
            return path_between(record, figure, start, end, fewest=fewest)
        if slack:
            return slack_rows(record, figure, computation=computation, count=count)
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
        :func:`tpugraph_db.chosen.chosen_ops` for what chooses ops and what it raises.
        """
        from tpugraph_db.analytics.stats import stats

        record, ops = self._chosen(graph, subset)
        return stats(record, ops, by, count)

    def draw(
        self,
        graph: str,
        path: str | Path | None = None,
        by: str | None = None,
        *,
        machine: str | Path | Machine | None = None,
        **subset: Any,
    ) -> Svg | None:
        """Draw up to 600 ops in layers into an ``.svg`` or a ``.png``; figure and subset as in :meth:`export`.

        Without a path the SVG is returned, which a notebook shows.

        Raises:
            UsageError: they are more, the path has another suffix, or a png needs Pillow.
            OSError: the file cannot be written.
        """
        from tpugraph_db.figured import figure_of
        from tpugraph_db.pictures import picture_of, svg, write_picture

        record, ops = self._chosen(graph, subset)
        picture = picture_of(record, figure_of(record, by, machine=machine, store=self.store), ops)
        if path is None:
            return svg(picture)
        write_picture(picture, Path(path))
        return None

    def nx(self, graph: str, algorithm: str, *, count: int = 20) -> Result:
        """The ops with the largest values of one of networkx's algorithms.

        See :data:`tpugraph_db.analytics.algorithms.ALGORITHMS`.

        Raises:
            NotFoundError: no such graph or algorithm. UsageError: it needs a package that is not installed.
        """
        from tpugraph_db.analytics.algorithms import algorithm_rows

        return algorithm_rows(self.record(graph), algorithm, count)

    def _chosen(self, graph: str, subset: Mapping[str, Any]) -> tuple[GraphRecord, Any]:
        from tpugraph_db.chosen import chosen_ops

        record = self.record(graph)
        return record, chosen_ops(record, self.store, **subset)

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
            NotFoundError: no such graph, figure, machine or profile. UsageError: the figure needs a machine.
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
