import time

import pytest
from neo4j.exceptions import ClientError, IncompleteCommit, Neo4jError, ServiceUnavailable

from tpugraph_db.errors import StoreError, TooLargeError
from tpugraph_db.stores import neo4j_retry
from tpugraph_db.stores.neo4j_errors import translated

DEADLOCK = "Neo.TransientError.Transaction.DeadlockDetected"
MEMORY = "Neo.TransientError.General.MemoryPoolOutOfMemoryError"


@pytest.fixture
def patience(monkeypatch):
    monkeypatch.setattr(neo4j_retry, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr(neo4j_retry, "RETRY_SECONDS", 0.2)
    return neo4j_retry.Patience("bolt://host")


def server_error(code):
    """As the driver makes it of what a server sends."""
    return Neo4jError._hydrate_neo4j(code=code, message="said the server")


class Work:
    """Fails with each of these errors, then is done."""

    def __init__(self, *errors):
        self.errors, self.times = list(errors), 0

    def __call__(self):
        self.times += 1
        if self.errors:
            raise self.errors.pop(0)
        return "done"


@pytest.mark.parametrize("error", [ServiceUnavailable("away"), server_error(DEADLOCK)], ids=["away", "deadlock"])
@pytest.mark.parametrize("may_repeat", [True, False])
def test_what_passes_is_tried_again(patience, error, may_repeat):
    work = Work(error, error)
    assert patience.until_done(work, may_repeat=may_repeat) == "done"
    assert work.times == 3


def test_a_lost_commit_is_done_again_only_where_it_may_be(patience):
    assert patience.until_done(Work(IncompleteCommit("lost")), may_repeat=True) == "done"
    work = Work(IncompleteCommit("lost"))
    with pytest.raises(IncompleteCommit):
        patience.until_done(work, may_repeat=False)
    assert work.times == 1


@pytest.mark.parametrize("code", [MEMORY, "Neo.ClientError.Statement.SyntaxError"])
def test_what_would_fail_again_is_not_tried_again(patience, code):
    work = Work(server_error(code))
    with pytest.raises(Neo4jError):
        patience.until_done(work, may_repeat=True)
    assert work.times == 1


def test_errors_that_are_translated_already(patience):
    def read():
        with translated("bolt://host", None):
            return work()

    work = Work(ServiceUnavailable("away"))
    assert patience.until_done(read, may_repeat=True) == "done"
    work = Work(server_error(MEMORY))
    with pytest.raises(TooLargeError):
        patience.until_done(read, may_repeat=True)


def test_it_ends_and_nobody_waits_again_until_the_server_is_back(patience):
    away = Work(*[ServiceUnavailable("nobody there")] * 1000)
    with pytest.raises(StoreError) as caught:
        patience.until_done(away, may_repeat=True)
    said = "bolt://host: Neo4j has not answered for 0.2 s (nobody there); "
    said += "start it and say the same again: what is done stays"
    assert str(caught.value) == said
    tried, started = away.times, time.monotonic()
    with pytest.raises(StoreError):
        patience.until_done(away, may_repeat=True)
    assert away.times == tried + 1
    assert time.monotonic() - started < 5
    assert patience.until_done(Work(), may_repeat=True) == "done"
    assert patience.until_done(Work(ServiceUnavailable("away")), may_repeat=True) == "done"


def test_a_client_error_is_as_it_was(patience):
    with pytest.raises(ClientError):
        patience.until_done(Work(server_error("Neo.ClientError.Transaction.TransactionTimedOut")), may_repeat=True)
