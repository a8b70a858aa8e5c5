"""One computational graph with its configurations, in plain read-only arrays."""

from __future__ import annotations

import importlib.util
import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tpugraph_db import html, shapes, structure
from tpugraph_db.configurations import Configurations, LayoutConfigurations
from tpugraph_db.errors import UsageError
from tpugraph_db.frozen import Arrays, frozen
from tpugraph_db.opcodes import OPCODES, opcode_mix
from tpugraph_db.packed import Lists
from tpugraph_db.program import Program

if TYPE_CHECKING:
    import dgl
    import networkx as nx
    from torch_geometric.data import Data

_OPCODES = 6
"""That a notebook is shown."""


@dataclass(frozen=True, eq=False)
class GraphRecord(Arrays):
    """Ops are nodes, data dependencies edges; an op's index is its row. ``n`` ops, ``m`` edges."""

    collection: str
    """``layout:<source>:<search>`` or ``tile:<source>``, as TpuGraphs names its collections."""
    split: str
    """``train``, ``valid``, ``test`` or ``none``."""
    name: str
    """The file's name less its suffix."""
    sha256: str
    """Of the source file's bytes, in hexadecimal."""
    opcode_numbers: NDArray[np.uint8]
    """(n,) uint8: the dataset's number of each op's opcode (:mod:`tpugraph_db.opcodes`)."""
    features: NDArray[np.float32]
    """(n, 140) float32: columns ``columns.OP_COLUMNS``, as in the file. See :attr:`minor_to_major` for the layout."""
    edges: NDArray[np.int64]
    """(m, 2) int64: (consumer, producer), as in the files. Data flows from the second to the first."""
    splits: NDArray[np.int64] | None
    """(k,) int64 or None: cumulative op counts at which a layout file cuts the graph into segments."""
    configurations: Configurations
    """:class:`LayoutConfigurations` or :class:`TileConfigurations`."""
    source_dtypes: Mapping[str, str] = field(default_factory=dict)
    """Arrays that the file holds in another width than the record, by key: writing it back restores them."""
    program: Program | None = None
    """What HLO says beyond these arrays: names, shapes, operands, computations; None for npz, which lost it."""
    failed_runs: int | None = None
    """How many measured runs ended in an error, and so are no configurations here; None where the source has none."""
    measured_ns: NDArray[np.int64] | None = None
    """(n,) int64, nanoseconds: profiled duration of each op, 0 where it was not seen; None where none was profiled."""
    unknown: Mapping[str, int] = field(default_factory=dict, compare=False)
    """What the reader did not know and kept as text, with how often; no part of the graph, and in no store."""

    def __len__(self) -> int:
        return len(self.opcode_numbers)

    def __repr__(self) -> str:
        counts = f"{len(self):,} ops, {len(self.edges):,} edges, {len(self.configurations):,} configurations"
        return f"<GraphRecord {self.id}: {counts}>"

    def _repr_html_(self) -> str:
        """A card in a notebook."""
        return html.card(self.id, self._facts())

    def _facts(self) -> list[tuple[str, str]]:
        """What it is, how it was measured, and where it comes from."""
        mix = opcode_mix(Counter(opcode or "unknown" for opcode in self.opcodes.tolist()), _OPCODES)
        said = "no HLO" if self.program is None else f"HLO module {self.program.module} {self.program.stage}".rstrip()
        return [
            ("ops", f"{len(self):,} in {int(self.computation.max(initial=-1)) + 1:,} computations"),
            ("edges", f"{len(self.edges):,}, of which calls {int(self.is_call.sum()):,}"),
            ("opcodes", mix),
            *self._measured_facts(),
            ("source", f"{said}, sha256 {self.sha256[:12]}"),
        ]

    def _measured_facts(self) -> list[tuple[str, str]]:
        configs, times = self.configurations, self.configurations.best_median_worst
        facts = [("configurations", f"{len(configs):,}, which set {len(self.configurable_ops):,} ops")]
        if times is not None:
            best, median, worst = (f"{ns / 1e6:,.4g}" for ns in times)
            facts += [("runtime [ms]", f"best {best}, median {median}, worst {worst}; {len(configs.order):,} measured")]
        if self.measured_ns is not None:
            facts += [("profile", f"{int((self.measured_ns > 0).sum()):,} ops")]
        return facts

    @property
    def id(self) -> str:
        """``<collection>/<split>/<name>``, the graph's name in every store."""
        return f"{self.collection}/{self.split}/{self.name}"

    @cached_property
    def opcodes(self) -> NDArray[np.str_]:
        """(n,) str: HLO opcode names; without a program empty where the dataset does not know."""
        if self.program is not None:
            return frozen(np.array(self.program.opcodes.table.tolist())[self.program.opcodes.codes])
        return frozen(np.array(OPCODES)[self.opcode_numbers])

    @property
    def configurable_ops(self) -> NDArray[np.int64]:
        """(s,) int64: indices of the ops that a layout configuration sets; empty for tiles."""
        configs = self.configurations
        return configs.op_ids if isinstance(configs, LayoutConfigurations) else np.empty(0, np.int64)

    @cached_property
    def minor_to_major(self) -> NDArray[np.int8]:
        """(n, 6) int8: layout of each output, -1 past its rank (see :func:`shapes.minor_to_major`)."""
        return frozen(shapes.minor_to_major(self.features))

    @cached_property
    def is_root(self) -> NDArray[np.bool_]:
        """(n,) bool: the op is the result of its computation."""
        return frozen(structure.is_root(self.features))

    @cached_property
    def is_call(self) -> NDArray[np.bool_]:
        """(m,) bool: the edge joins a caller (consumer) to the root of the computation it calls (producer)."""
        if self.program is not None:  # operands are of the same computation, always
            return frozen(self.computation[self.edges[:, 0]] != self.computation[self.edges[:, 1]])
        return frozen(structure.is_call(self.features, self.edges))

    @cached_property
    def computation(self) -> NDArray[np.int64]:
        """(n,) int64: number of each op's computation, in file order.

        The program says it; without one it is read off the edges (see :func:`structure.computations`).
        """
        if self.program is not None:
            starts = self.program.computation_starts
            return frozen(np.repeat(np.arange(len(starts) - 1), np.diff(starts)))
        return frozen(structure.computations(self.is_root, self.edges[~self.is_call]))

    @cached_property
    def producers(self) -> list[list[int]]:
        """Of each op those that it takes from, calls among them; for questions about few ops at a time."""
        return _ends(self.edges, len(self))

    @cached_property
    def consumers(self) -> list[list[int]]:
        """Of each op those that it feeds or, a root, whose computation they call."""
        return _ends(self.edges[:, ::-1], len(self))

    def to_networkx(self) -> nx.DiGraph[int]:
        """As a :class:`networkx.DiGraph` keyed by op index; edges run producer -> consumer, like FEEDS.

        Nodes carry ``opcode`` and ``features``, edges ``call`` (bool); ``graph["record"]`` is the record, with which
        :func:`tpugraph_db.from_networkx` turns it back.
        """
        import networkx as nx

        graph: nx.DiGraph[int] = nx.DiGraph(id=self.id, record=self)
        for index, opcode in enumerate(self.opcodes.tolist()):
            graph.add_node(index, opcode=opcode, features=self.features[index])
        for (consumer, producer), call in zip(self.edges.tolist(), self.is_call.tolist(), strict=True):
            graph.add_edge(producer, consumer, call=call)
        return graph

    def to_dgl(self) -> dgl.DGLGraph:
        """As a :class:`dgl.DGLGraph`: node ``i`` is op ``i``, edges run producer -> consumer, like FEEDS.

        ``ndata`` has ``feat`` (n, 140) float32 and ``opcode`` (n,) int64, ``edata`` has ``call`` (m,) bool; edge ``i``
        is row ``i`` of ``edges``. :func:`tpugraph_db.from_dgl` turns it back.

        Raises:
            UsageError: DGL is not installed (it needs Python < 3.12).
        """
        if importlib.util.find_spec("dgl") is None:
            raise UsageError("to_dgl needs DGL (Python < 3.12): pip install 'tpugraph-db[models]'")
        os.environ.setdefault("DGLBACKEND", "pytorch")  # else DGL writes a file into the user's home
        import dgl
        import torch

        consumers, producers = (torch.tensor(ends) for ends in self.edges.T)
        graph = dgl.graph((producers, consumers), num_nodes=len(self))
        graph.ndata["feat"] = torch.tensor(self.features)
        graph.ndata["opcode"] = torch.tensor(self.opcode_numbers.astype(np.int64))
        graph.edata["call"] = torch.tensor(self.is_call)
        return graph

    def to_pyg(self) -> Data:
        """As a :class:`torch_geometric.data.Data`: node ``i`` is op ``i``, edges run producer -> consumer, like FEEDS.

        ``x`` is (n, 140) float32, ``opcode`` (n,) int64, ``edge_index`` (2, m) int64, row 0 the producers, ``call``
        (m,) bool; edge ``i`` is row ``i`` of ``edges``.

        Raises:
            UsageError: PyTorch Geometric is not installed.
        """
        if importlib.util.find_spec("torch_geometric") is None:
            raise UsageError("to_pyg needs PyTorch Geometric: pip install torch_geometric")
        import torch
        from torch_geometric.data import Data

        return Data(
            x=torch.tensor(self.features),
            edge_index=torch.tensor(self.edges[:, ::-1].T.copy()),
            opcode=torch.tensor(self.opcode_numbers.astype(np.int64)),
            call=torch.tensor(self.is_call),
            num_nodes=len(self),
        )

    def replace(self, **changes: Any) -> GraphRecord:
        """A copy with some fields changed."""
        from dataclasses import replace

        return replace(self, **changes)


def _ends(edges: NDArray[np.int64], ops: int) -> list[list[int]]:
    """Second ends by the first, ascending."""
    ordered = edges[np.lexsort((edges[:, 1], edges[:, 0]))]
    starts = np.searchsorted(ordered[:, 0], np.arange(ops + 1))
    return Lists(ordered[:, 1], starts).tolist()
