import json

import pyarrow as pa
import pytest

from tpugraph_db.stores import Node

PEOPLE = "MATCH (p:Person) RETURN p.name AS name, p.born AS born, p.langs AS langs ORDER BY name"


def test_limit_keeps_the_first_rows_and_counts_the_rest(loaded):
    result = loaded.query("UNWIND range(1, 12034) AS x RETURN x", limit=500)
    assert [row[0] for row in result] == list(range(1, 501))
    assert (len(result), result.total, result.total_is_exact) == (500, 12034, True)
    assert result.truncated == "showing 500 of 12,034"


def test_counting_stops_at_a_bound(loaded):
    result = loaded.query("UNWIND range(1, 1000000) AS x RETURN x", limit=10)
    assert (len(result), result.total, result.total_is_exact) == (10, 100_000, False)
    assert result.truncated == "showing 10 of more than 100,000"


@pytest.mark.parametrize(("rows", "said"), [(100_000, "100,000"), (100_001, "more than 100,000")])
def test_the_bound_itself(loaded, rows, said):
    result = loaded.query("UNWIND range(1, $rows) AS x RETURN x", {"rows": rows}, limit=3)
    assert result.truncated == f"showing 3 of {said}"


@pytest.mark.parametrize("limit", [None, 7, 8])
def test_nothing_is_said_where_nothing_is_cut(loaded, limit):
    result = loaded.query("UNWIND range(1, 7) AS x RETURN x", limit=limit)
    assert (len(result), result.total, result.truncated) == (7, 7, "")


def test_a_limit_of_nothing(loaded):
    result = loaded.query("UNWIND range(1, 7) AS x RETURN x", limit=0)
    assert (result.columns, result.rows, result.truncated) == (("x",), [], "showing 0 of 7")


def test_a_write_is_cut_too(loaded):
    result = loaded.query("UNWIND range(1, 7) AS x CREATE (n:Temporary) RETURN x", write=True, limit=2)
    assert (result.rows, result.truncated) == ([(1,), (2,)], "showing 2 of 7")


def test_to_dicts(loaded):
    assert loaded.query(PEOPLE, limit=1).to_dicts() == [{"name": "Ada", "born": 1815, "langs": ["en", "fr"]}]


def test_to_arrow(loaded):
    table = loaded.query(PEOPLE).to_arrow()
    assert table.schema.types == [pa.string(), pa.int64(), pa.list_(pa.string())]
    assert table.column("born").to_pylist() == [1815, 1990, 1960, None]


def test_to_arrow_of_nodes_is_json(loaded):
    table = loaded.query("MATCH (c:City {name: 'Oslo'}) RETURN c").to_arrow()
    node = json.loads(table.column("c")[0].as_py())
    assert node == {"labels": ["City"], "properties": {"name": "Oslo", "people": 700000}}


def test_to_arrow_of_mixed_types_is_json(loaded):
    table = loaded.query("UNWIND [1, 'a', null, [2]] AS x RETURN x").to_arrow()
    assert table.column("x").to_pylist() == ["1", '"a"', None, "[2]"]


def test_to_arrow_of_no_row_keeps_the_columns(loaded):
    table = loaded.query("MATCH (n:Nowhere) RETURN n.x AS a, n AS b").to_arrow()
    assert (table.column_names, table.num_rows) == (["a", "b"], 0)


def test_to_pandas(loaded):
    frame = loaded.query("MATCH (p:Person) RETURN p.name AS name, p ORDER BY name").to_pandas()
    assert list(frame.columns) == ["name", "p"]
    assert frame["name"].tolist() == ["Ada", "Bob", "Cy", "Dee"]
    assert frame["p"][3] == Node(("Person",), {"name": "Dee"})
