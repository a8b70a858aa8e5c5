"""JAX programs in both stores, before and after optimisation, as an XLA dump has them."""

import pytest

from tests.conftest import ENGINES, open_empty
from tests.hlo import programs
from tpugraph_db.formats import read
from tpugraph_db.rows import graph_rows

COMPILED = ("attention", "cond", "lstm", "scatter", "sort")
"""Those that are compiled too: it takes a second each."""


@pytest.fixture(scope="module")
def dump(tmp_path_factory):
    """A folder of what JAX gives."""
    folder = tmp_path_factory.mktemp("dump")
    for name in programs.PROGRAMS:
        (folder / f"{name}.before_optimizations.hlo.pb").write_bytes(programs.proto(name))
    for name in COMPILED:
        (folder / f"{name}.cpu_after_optimizations.txt").write_text(programs.optimized(name))
    return folder


@pytest.fixture(scope="module", params=ENGINES)
def db(request, tmp_path_factory, dump):
    with open_empty(request.param, request, tmp_path_factory.mktemp("db")) as database:
        database.load([dump])
        yield database


def test_every_program_is_there_with_its_stage(db):
    stages = db.query("MATCH (g:Graph) RETURN g.stage, count(*) ORDER BY g.stage").rows
    assert stages == [("after_optimizations", len(COMPILED)), ("before_optimizations", len(programs.PROGRAMS))]


def test_every_program_comes_back(db, dump):
    for path in dump.iterdir():
        record = read(path)
        assert db.record(record.id, verify=True) == record


def test_every_op_is_in_its_computation(db):
    text = """
    MATCH (g:Graph) MATCH (o:Op {graph: g.id})
    OPTIONAL MATCH (o)-[:IN]->(c:Computation {graph: g.id, index: o.computation})
    RETURN count(*), count(c)
    """
    ((ops, inside),) = db.query(text).rows
    assert ops == inside > 1000


def test_calls_are_those_of_the_programs(db, dump):
    expected = sum(len(graph_rows(read(path), "").calls) for path in dump.iterdir())
    assert db.query("MATCH (:Op)-[r:CALLS]->(:Computation) RETURN count(r)").rows == [(expected,)]


def test_kinds_of_computations(db):
    kinds = {kind for (kind,) in db.query("MATCH (c:Computation) RETURN DISTINCT c.kind").rows}
    common = {"entry", "fusion", "call", "while_body", "while_condition", "branch", "reducer", "comparator"}
    assert common <= kinds
    assert "unused" not in kinds
    entries = "MATCH (c:Computation {kind: 'entry'}) WHERE NOT ()-[:CALLS]->(c) RETURN count(*)"
    assert db.query(entries).rows == [(len(programs.PROGRAMS) + len(COMPILED),)]


def test_what_became_of_an_op_has_its_name(db):
    text = """
    MATCH (before:Graph {name: 'attention.before_optimizations'})
    MATCH (after:Graph {name: 'attention.after_optimizations'})
    MATCH (a:Op {graph: before.id}) WHERE a.opcode = 'dot'
    MATCH (b:Op {graph: after.id}) WHERE b.op_name = a.op_name
    RETURN count(DISTINCT a.op_name)
    """
    dots = "MATCH (a:Op {graph: $id, opcode: 'dot'}) RETURN count(DISTINCT a.op_name)"
    (expected,) = db.query(dots, {"id": "hlo:local/none/attention.before_optimizations"}).rows
    assert db.query(text).rows == [expected]
    assert expected[0] > 1


def test_source_lines_are_this_repository_s(db):
    result = db.run("ops_by_source", source_file="programs.py", graph="attention.before", top=3)
    assert len(result) == 3


def test_removal_leaves_nothing(db):
    db.remove(row[0] for row in db.graphs())
    assert db.query("MATCH (n) WHERE NOT n:Store RETURN count(*)").rows == [(0,)]
