"""Work beside the screen."""

import threading

from tpugraph_db.explore.job import Job, are_running

SECONDS = 10


def run(work):
    """What a job finds, and its error."""
    found, over, errors = [], threading.Event(), []

    def end(job, error):
        errors.append(error)
        over.set()

    job = Job(work, on_found=lambda job, value: found.append(value), on_end=end).start()
    return job, found, over, errors


def test_pieces_one_after_the_other():
    def work(job):
        job.say("counting")
        yield 1
        yield 2

    job, found, over, errors = run(work)
    assert over.wait(SECONDS)
    assert (found, errors, job.doing, job.is_over) == ([1, 2], [None], "counting", True)


def test_an_error_is_given_on():
    def work(job):
        yield 1
        raise ValueError("no")

    _, found, over, errors = run(work)
    assert over.wait(SECONDS)
    assert found == [1]
    assert str(errors[0]) == "no"


def test_what_was_told_to_stop_gives_nothing_more():
    began, go = threading.Event(), threading.Event()

    def work(job):
        yield 1
        began.set()
        go.wait(SECONDS)
        yield 2
        raise AssertionError("goes on")

    job, found, over, errors = run(work)
    assert began.wait(SECONDS)
    assert are_running()
    job.cancel()
    go.set()
    assert over.wait(SECONDS)
    assert (found, errors, job.is_cancelled) == ([1], [None], True)
