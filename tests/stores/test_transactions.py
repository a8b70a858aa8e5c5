import threading

import pytest

from tpugraph_db.errors import QueryError, StoreError
from tpugraph_db.schema import SCHEMA_VERSION
from tpugraph_db.stores.base import check_schema_version

COUNT = "MATCH (n:T) RETURN count(n)"
KEYS = [("Graph", "id"), ("Op", "uid"), ("Config", "uid"), ("Prediction", "id")]


def count(db):
    return db.query(COUNT).rows[0][0]


def test_several_statements_are_one_transaction(db):
    result = db.store.write([("CREATE (:T {k: $k})", {"k": 1}), ("MATCH (n:T) SET n.k = n.k + 1 RETURN n.k AS k", {})])
    assert (result.columns, result.rows) == (("k",), [(2,)])


@pytest.mark.parametrize("second", ["CREATE (:T {k: 1 / 0})", "CREATE (", "MATCH (n:T) RETURN $absent"])
def test_a_failing_second_statement_undoes_the_first(db, second):
    with pytest.raises(QueryError):
        db.store.write([("CREATE (:T)", {}), (second, {})])
    assert count(db) == 0


def test_a_failing_row_undoes_the_rows_before(db):
    with pytest.raises(QueryError):
        db.query("UNWIND [1, 2, 0] AS x CREATE (:T {k: 10 / x})", write=True)
    assert count(db) == 0


def test_no_statement_at_all(db):
    assert db.store.write([]).rows == []


@pytest.mark.parametrize(("label", "key"), KEYS)
def test_a_key_is_unique(db, label, key):
    create = f"CREATE (:{label} {{{key}: 'a'}})"
    db.query(create, write=True)
    with pytest.raises(QueryError, match="a"):
        db.query(create, write=True)
    assert db.query(f"MATCH (n:{label}) RETURN count(n)").rows == [(1,)]


@pytest.mark.parametrize(("label", "key"), KEYS)
def test_a_key_cannot_become_another_nodes(db, label, key):
    db.query(f"CREATE (:{label} {{{key}: 'a'}}), (:{label} {{{key}: 'b'}})", write=True)
    with pytest.raises(QueryError):
        db.query(f"MATCH (n:{label} {{{key}: 'a'}}) SET n.{key} = 'b'", write=True)
    assert db.query(f"MATCH (n:{label}) RETURN n.{key} AS k ORDER BY k").rows == [("a",), ("b",)]


def test_the_schema_may_be_applied_again(db):
    db.query("CREATE (:Op {uid: 'a'})", write=True)
    db.store.apply_schema()
    db.store.apply_schema()
    with pytest.raises(QueryError):
        db.query("CREATE (:Op {uid: 'a'})", write=True)


@pytest.mark.parametrize(
    ("version", "said"), [(0, "older"), (99, "newer"), (None, "another program's"), ("1", "another program's")]
)
def test_a_store_of_another_schema(version, said):
    with pytest.raises(
        StoreError, match=f"here: schema_version: expected {SCHEMA_VERSION}, found {version}: the store is {said}"
    ):
        check_schema_version(version, "here")


def test_threads_that_read(db):
    db.query("UNWIND range(1, 500) AS k CREATE (:T {k: k})", write=True)
    found = in_threads(lambda at: [db.query("MATCH (n:T {k: $k}) RETURN n.k", {"k": at}).rows for _ in range(10)])
    assert found == [[[(at,)]] * 10 for at in range(1, 5)]


def test_threads_that_write(db):
    in_threads(lambda at: [db.query("CREATE (:T {k: $k})", {"k": at}, write=True) for _ in range(10)])
    assert db.query("MATCH (n:T) RETURN n.k, count(*) ORDER BY n.k").rows == [(at, 10) for at in range(1, 5)]


def test_threads_that_change_one_node(db):
    db.query("CREATE (:T {k: 0})", write=True)
    in_threads(lambda _: [db.query("MATCH (n:T) SET n.k = n.k + 1", write=True) for _ in range(10)])
    assert db.query("MATCH (n:T) RETURN n.k").rows == [(40,)]


def in_threads(work):
    """What four threads made of 1, 2, 3, 4."""
    found = [None] * 4

    def run(at):
        found[at] = work(at + 1)

    threads = [threading.Thread(target=run, args=(at,)) for at in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found
