"""Databases that the tests of the query library share: loading takes longer than asking."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests import graphs
from tests.conftest import ENGINES, open_empty, write_npz
from tpugraph_db.database import Database
from tpugraph_db.record import GraphRecord

COSTS = {
    "layout:test:default/valid/diamond": ([1.0, 2.0, 3.0, 4.0], [1.0, 3.0, 4.0, 8.0]),
    "tile:test/train/two": ([1.0] * 8, [1.0, 1.0, 2.0, 2.0, 1.0, 1.0, 3.0, 4.0]),
}
"""Round costs, and when each op finishes, so that anyone can check the sums; only these graphs have them."""

SET_COSTS = """
MATCH (o:Op {graph: $graph})
SET o.cost = $cost[o.index], o.cost_share = $cost[o.index] / $total, o.cost_rank = toInteger($cost[o.index]) - 1,
    o.cost_finish = $finish[o.index]
"""


def relaid() -> GraphRecord:
    """0 parameter -> 1 copy -> 2 convolution -> 3 add -> 4 maximum -> 6 copy; 0 feeds 3 and 3 feeds 5 maximum too.

    1 and 2 have the layout {0,1}, the others {1,0}. 2 is configurable: A, B, and A again, 10, 20, 15 ns.
    """
    one, other = "f32[4,8]{1,0}", "f32[4,8]{0,1}"
    ops = [("parameter", one), ("copy", other), ("convolution", other), ("add", one)]
    ops += [("maximum", one), ("maximum", one), ("copy", one)]
    configurations = graphs.layouts([2], [[[1, 0]], [[0, 1]], [[1, 0]]], [10, 20, 15])
    edges = [(1, 0), (2, 1), (3, 2), (3, 0), (4, 3), (5, 3), (6, 4)]
    return graphs.make_record("relaid", ops, edges, configurations=configurations)


@pytest.fixture(scope="module", params=ENGINES)
def literal(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The literal graphs, two of them with costs, on each engine in turn."""
    folder = tmp_path_factory.mktemp("literal")
    for record in (graphs.chain(), graphs.diamond(), graphs.two_computations(), relaid()):
        write_npz(record, folder)
    with open_empty(request.param, request, folder) as db:
        db.load([folder / "npz"])
        for graph, (cost, finish) in COSTS.items():
            values = {"graph": graph, "cost": cost, "total": sum(cost), "finish": finish}
            db.query(SET_COSTS, values, write=True)
        yield db


@pytest.fixture(scope="module", params=ENGINES)
def programs(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The literal program, with a profiled op, and a graph without one, on each engine in turn."""
    folder = tmp_path_factory.mktemp("programs")
    write_npz(graphs.two_computations(), folder)
    (folder / "lowered.hlo").write_text(graphs.LOWERED_TEXT)
    with open_empty(request.param, request, folder) as db:
        db.load([folder])
        db.query("MATCH (o:Op {name: 'erf.1'}) SET o.measured_ns = 700", write=True)
        yield db


@pytest.fixture(scope="module")
def real(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, data: Path
) -> Iterator[list[Database]]:
    """The real files with their predictions, on every engine at once."""
    with ExitStack() as stack:
        opened = []
        for engine in ENGINES:
            db = stack.enter_context(open_empty(engine, request, tmp_path_factory.mktemp(engine)))
            db.load([data / "npz"])
            db.predict(write=True)
            opened.append(db)
        yield opened
