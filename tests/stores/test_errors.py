import time

import pytest

from tpugraph_db.errors import QueryError, QueryTimeoutError, ReadOnlyError

WRONG = [
    ("MATCH (o:Op RETURN o", 1, 13),
    ("MATCH (n)\nRETURN n.", 2, 10),
    ("MATCH (n)\n  WHERE n.x = = 1\nRETURN n", 2, 15),
    ("RETURN 1 +", 1, 11),
    ("MATCH (a)-[:FEEDS->(b) RETURN a", 1, 18),
]

SLOW = [
    "UNWIND range(1, 20000) AS x UNWIND range(1, 20000) AS y WITH x, y WHERE (x * y) % 7919 = 1 RETURN count(*)",
    "UNWIND range(1, 20000) AS x UNWIND range(1, 20000) AS y WITH x, y WHERE (x * y) % 7919 < 0 RETURN x, y",
]


@pytest.mark.parametrize(("text", "line", "column"), WRONG)
@pytest.mark.parametrize("write", [False, True])
def test_the_place_of_a_syntax_error(loaded, text, line, column, write):
    with pytest.raises(QueryError) as caught:
        loaded.query(text, write=write)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert str(caught.value).startswith("Cypher: ")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["", "  \n", "// only a comment", ";"])
def test_nothing_to_run(loaded, text):
    with pytest.raises(QueryError):
        loaded.query(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("RETURN nothing", "nothing"),
        ("RETURN nofunction(1)", "nofunction"),
        ("RETURN $absent", "absent"),
        ("RETURN 1 / 0", "by zero"),
        ("RETURN 1 AS a UNION RETURN 2 AS b", "column names"),
        ("RETURN 1; RETURN 2", "exactly one statement|Unexpected input .;"),
    ],
)
def test_other_mistakes(loaded, text, said):
    with pytest.raises(QueryError, match=said):
        loaded.query(text)


@pytest.mark.parametrize("text", SLOW)
def test_a_slow_query_is_stopped(loaded, text):
    started = time.monotonic()
    with pytest.raises(QueryTimeoutError, match=r"its time limit of 0\.5 s"):
        loaded.query(text, timeout=0.5)
    assert time.monotonic() - started < 10


def test_a_slow_write_is_stopped_and_undone(loaded):
    with pytest.raises(QueryTimeoutError):
        loaded.query(f"CREATE (:Half) WITH 1 AS one {SLOW[0]}", write=True, timeout=0.5)
    assert loaded.query("MATCH (n:Half) RETURN count(n)").rows == [(0,)]


def test_a_quick_query_within_its_limit(loaded):
    assert loaded.query("RETURN 1 AS x", timeout=60).rows == [(1,)]


def test_a_limit_holds_for_one_query(loaded):
    with pytest.raises(QueryTimeoutError):
        loaded.query(SLOW[0], timeout=0.2)
    text = "UNWIND range(1, 1000000) AS x WITH x WHERE x % 7 = 0 RETURN count(*) AS n"
    assert loaded.query(text).rows == [(142857,)]


def test_the_store_works_on_after_errors(loaded):
    for text in ("RETURN", "CREATE (:Half {x: 1 / 0})"):
        with pytest.raises(QueryError):
            loaded.query(text, write=True)
    assert loaded.query("MATCH (n:Half) RETURN count(n)").rows == [(0,)]


def test_a_regular_expression_over_many_rows(loaded):
    text = "UNWIND range(1, 200000) AS x WITH 'op.' + toString(x) AS s WHERE s =~ '.*[a-z]+.*99' RETURN count(*) AS n"
    assert loaded.query(text).rows == [(2000,)]


def test_a_read_that_writes_says_how_to_write(loaded):
    with pytest.raises(ReadOnlyError, match="--write"):
        loaded.query("MATCH (n:Person) SET n.x = 1")
