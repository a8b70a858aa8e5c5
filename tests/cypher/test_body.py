import pytest

from tpugraph_db.cypher import body


def test_parameters_with_their_lines():
    text = "MATCH (o {a: $first})\nWHERE o.x = '$text' // $comment\n  AND o.y = $second /* $no\n */ AND o.z = $first\n"
    assert body.parameters(text) == {"first": 1, "second": 3}


def test_no_parameters():
    assert body.parameters("RETURN 1 AS x") == {}


@pytest.mark.parametrize(
    ("text", "line", "names"),
    [
        ("RETURN 1 AS a, 'x, y AS z' AS b", 1, ["a", "b"]),
        ("MATCH (o)\nRETURN o.x AS x, o\nORDER BY x, o LIMIT 3", 2, ["x", "o"]),
        ("RETURN DISTINCT o.x as x SKIP 1", 1, ["x"]),
        ("RETURN [x IN [1, 2] | x] AS l, {a: 1, b: 2} AS m, f(1, 2) AS c", 1, ["l", "m", "c"]),
        ("RETURN CASE WHEN a THEN 1 ELSE 2 END AS x", 1, ["x"]),
        ("CALL (o) { RETURN 1 AS inner }\nRETURN inner AS x", 2, ["x"]),
        ("MATCH (o) RETURN o.a AS a UNION MATCH (p) RETURN p.b AS b", 1, ["b"]),
        ("RETURN a + 1, b AS b, *", 1, ["?", "b", "?"]),
        ("RETURN 1 AS a // RETURN 2 AS b", 1, ["a"]),
        ("MATCH (o) DELETE o", 1, []),
    ],
)
def test_columns(text, line, names):
    assert body.columns(text) == (line, names)
