import pytest

from tests.cypher import program_answers
from tests.cypher.answers import ANSWERS, TWO
from tpugraph_db.cypher.library import all_queries, find_query
from tpugraph_db.errors import AmbiguousError

CASES = [(name, params, rows) for name, cases in ANSWERS.items() for params, rows in cases]
PROGRAM_CASES = [(name, params, rows) for name, cases in program_answers.ANSWERS.items() for params, rows in cases]


def test_every_query_has_an_answer_worked_out_by_hand():
    assert {query.name for query in all_queries()} == {name for name, _, rows in (*CASES, *PROGRAM_CASES) if rows}


@pytest.mark.parametrize(("name", "params", "rows"), CASES, ids=lambda value: value if isinstance(value, str) else "")
def test_rows(literal, name, params, rows):
    result = literal.run(name, **params)
    assert result.rows == rows
    assert result.columns == tuple(column.name for column in find_query(name).columns)


@pytest.mark.parametrize(
    ("name", "params", "rows"), PROGRAM_CASES, ids=lambda value: value if isinstance(value, str) else ""
)
def test_rows_of_a_program(programs, name, params, rows):
    result = programs.run(name, **params)
    assert result.rows == rows
    assert result.columns == tuple(column.name for column in find_query(name).columns)


def test_a_part_of_a_graph_id_is_enough(literal):
    assert literal.run("levels", graph="two").rows == literal.run("levels", graph=TWO).rows


def test_a_part_that_fits_several_graphs_is_refused(literal):
    with pytest.raises(AmbiguousError, match="relaid"):
        literal.run("levels", graph="default/train")


def test_no_query_meets_an_op_without_its_graph(literal):
    lost = "CREATE (:Op {uid: 'lost#0', graph: 'lost', index: 0, name: 'lost', opcode: 'lost', fan_out: 99})"
    literal.query(lost, write=True)
    try:
        assert "lost" not in [row[0] for row in literal.run("opcode_histogram").rows]
        assert literal.run("hubs", top=1).rows[0][0] != "lost"
        assert literal.run("ops_by_name", name="lost").rows == []
    finally:
        literal.query("MATCH (o:Op {graph: 'lost'}) DELETE o", write=True)
