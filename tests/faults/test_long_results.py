"""Queries that take too long, or give very many rows."""

import time

import pytest

from tests.conftest import open_empty
from tpugraph_db.errors import QueryTimeoutError

ENDLESS = "UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b WITH a * b AS x WHERE x = -7 RETURN count(x)"


def test_a_query_past_its_time_stops_on_the_server(neo4j, tmp_path, request):
    with open_empty("neo4j", request, tmp_path) as db:
        with pytest.raises(QueryTimeoutError, match=r"time limit of 0\.5 s"):
            db.query(ENDLESS, timeout=0.5)
        running = (
            "SHOW TRANSACTIONS YIELD currentQuery WHERE currentQuery STARTS WITH 'UNWIND range' RETURN currentQuery"
        )
        with db.store._session("READ") as session:
            assert [record.values() for record in session.run(running)] == []


def test_a_query_past_its_time_stops_in_the_embedded_engine(tmp_path, request):
    with open_empty("arcadedb", request, tmp_path) as db:
        with pytest.raises(QueryTimeoutError, match=r"time limit of 0\.5 s"):
            db.query(ENDLESS, timeout=0.5)
        busy = time.process_time()  # of all threads, Java's too
        time.sleep(2)
        assert time.process_time() - busy < 1
        assert db.query("RETURN 1 AS x").rows == [(1,)]
