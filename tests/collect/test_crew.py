"""Who compiles what, with workers that are no processes."""

import threading
from functools import partial

import pytest

from tpugraph_db.collect.crew import Crew
from tpugraph_db.collect.worker import WorkerDied
from tpugraph_db.errors import DataError

SLOW = {1: (0, 1)}
TODO = {number: {number: (0, 1)} for number in range(6)}


def without_time(outcome):
    assert outcome["asked"] >= 0
    return {key: value for key, value in outcome.items() if key != "asked"}


class Fake:
    """Answers at once; one configuration is its death."""

    def __init__(self, place, hired):
        self.place, self.closed, self.compiled = place, False, []
        hired.append(self)

    def ask(self, timeout, do, layouts=None, default=None):
        if do == "ready":
            return {}
        if self.closed or layouts == SLOW:
            raise WorkerDied("too slow", f"no answer in {timeout:g} s")
        self.compiled.append(layouts)
        return {"status": "ok", "key": default}

    def close(self):
        self.closed = True

    kill = close


@pytest.fixture
def hired():
    return []


@pytest.mark.parametrize("places", [1, 3])
def test_one_that_dies_is_replaced_and_its_configuration_counted(hired, places):
    with Crew({place: partial(Fake, place, hired) for place in range(places)}, timeout=5) as crew:
        found = {number: without_time(outcome) for number, outcome in crew.compile(TODO, "d")}
    assert found.pop(1) == {"status": "too slow", "why": "no answer in 5 s"}
    assert found == {number: {"status": "ok", "key": "d"} for number in TODO if number != 1}
    assert all(worker.closed for worker in hired)
    assert len(hired) <= places + 1


def test_a_worker_compiles_one_at_a_time(hired):
    class Watched(Fake):
        busy = threading.Lock()

        def ask(self, *words, **more):
            assert self.busy.acquire(blocking=False)
            try:
                return super().ask(*words, **more)
            finally:
                self.busy.release()

    with Crew({0: partial(Watched, 0, hired)}, timeout=5) as crew:
        assert len(dict(crew.compile(TODO, "d"))) == len(TODO)


def test_the_first_is_one_of_those_that_compile(hired):
    with Crew({0: partial(Fake, 0, hired)}, timeout=5) as crew:
        first = crew.first()
        dict(crew.compile({7: {}}, "d"))
    assert hired == [first]
    assert first.compiled == [{}]


def test_a_program_at_fault_ends_it_all(hired):
    class Faulty(Fake):
        def ask(self, timeout, do, **more):
            raise DataError("x.py:f", "program", expected="a program that runs", found="none")

    with pytest.raises(DataError), Crew({0: partial(Faulty, 0, hired)}, timeout=5) as crew:
        dict(crew.compile(TODO, "d"))
    assert all(worker.closed for worker in hired)
