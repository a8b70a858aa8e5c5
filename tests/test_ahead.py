import threading

import pytest

from tpugraph_db.ahead import ahead


@pytest.mark.parametrize("jobs", [1, 2, 7])
def test_results_come_in_order(jobs):
    assert list(ahead(lambda number: number * number, range(20), jobs)) == [number * number for number in range(20)]


def test_nothing_gives_nothing():
    assert list(ahead(len, [])) == []


@pytest.mark.parametrize("jobs", [1, 3])
def test_so_many_are_under_way_and_no_more(jobs):
    begun, at_once = [], threading.Barrier(jobs, timeout=10)

    def work(number):
        begun.append(number)
        if number < jobs:
            at_once.wait()  # passes only when all of them are at work
        return number

    results = ahead(work, range(100), jobs)
    assert next(results) == 0
    assert len(begun) <= jobs + 1
    results.close()
    assert len(begun) <= jobs + 1


def test_an_error_comes_where_its_result_would():
    results = ahead(lambda number: 6 // number, [3, 2, 0, 1])
    assert [next(results), next(results)] == [2, 3]
    with pytest.raises(ZeroDivisionError):
        next(results)
