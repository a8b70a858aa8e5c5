"""Children that compile and measure; each takes a second or two to start."""

import os
from pathlib import Path

import pytest

from tpugraph_db.collect.worker import Worker, WorkerDied
from tpugraph_db.errors import DataError

PROGRAMS = Path(__file__).with_name("programs.py")
CORE = max(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 0
PATIENCE = 100


def hire(folder, function, **more):
    settings = {"path": str(PROGRAMS), "function": function, "folder": str(folder), "memory": 4 << 30, **more}
    return Worker(CORE, settings, folder / "log.txt")


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    with hire(tmp_path_factory.mktemp("small"), "small") as worker:
        yield worker


@pytest.fixture(scope="module")
def described(small):
    return small.ask(PATIENCE, do="describe")


def compile_(worker, described, layouts, **more):
    return worker.ask(PATIENCE, do="compile", layouts=layouts, default=described["default"], **more)


def test_it_is_pinned_before_jax_counts_the_cores(described):
    assert described["facts"]["affinity"] == 1
    assert described["facts"]["backend"] == "cpu"


def test_the_hlo_names_the_users_file_and_no_folder(described):
    assert '1 "programs.py"' in described["text"]
    assert str(PROGRAMS.parent) not in described["text"]
    assert "tpugraph_db" not in described["text"]


def test_a_configuration(small, described):
    found = compile_(small, described, {0: [0, 1, 2], 5: [1, 0, 2]})
    assert found["status"] == "ok"
    assert found["key"] != described["default"]
    assert found["seconds"] > 0


def test_nothing_constrained_is_the_default(small, described):
    assert compile_(small, described, {})["key"] == described["default"]


def test_a_layout_that_is_refused(small, described):
    found = compile_(small, described, {0: [1, 0]})
    assert found["status"] == "refused"
    assert "ValueError" in found["why"]


def test_other_results_are_refused(tmp_path):
    with hire(tmp_path, "twice_as_much") as other:
        wrong = other.ask(PATIENCE, do="describe")
    with hire(tmp_path, "small") as worker:
        found = compile_(worker, wrong, {0: [0, 1, 2]})
    assert (found["status"], found["why"]) == ("differs", "others in output 0 (float32 [4, 8, 16])")
    assert not (tmp_path / "executables" / found["key"]).exists()


def test_rounds(small, described):
    other = compile_(small, described, {1: [0, 1, 2]})["key"]
    warm = small.ask(PATIENCE, do="measure", keys=[described["default"], other], rounds=[3, 4], seed=[0, 1])
    assert warm["seconds"] > 0
    for number in (3, 4):
        reply = small.reply(PATIENCE)
        assert reply["round"] == number
        assert len(reply["ns"]) == 2
        assert all(ns > 0 for ns in reply["ns"])


def test_arrays_that_it_closes_over_are_inputs(tmp_path):
    with hire(tmp_path, "closes_over") as worker:
        assert worker.ask(PATIENCE, do="describe")["text"].count(" parameter(") == 2


def test_what_the_program_prints_is_no_reply(tmp_path):
    with hire(tmp_path, "prints") as worker:
        assert worker.ask(PATIENCE, do="ready") == {}
    assert "a word on stdout" in (tmp_path / "log.txt").read_text()


@pytest.mark.parametrize(
    ("function", "said"),
    [
        ("raises", "program: expected a program that runs, found ValueError: no weights (line 40)"),
        ("raises_inside", "found TypeError: add got incompatible shapes for broadcasting: (3,), (4,)."),
        ("no_pair", "returns: expected a function and a tuple of its arguments (return f, (x, w)), found"),
        ("another_shape", "output: expected the same shapes each time, found float32[2,4], then float32[3,4]"),
        ("another_value", "output: expected the same values each time, found others in output 0 (float32 [4, 4])"),
        ("calls_back", "program: expected an executable that can be kept in a file (with a host callback it cannot)"),
        ("smal", "function: expected a function of that name, found none; did you mean small"),
    ],
)
def test_programs_that_are_refused(tmp_path, function, said):
    with hire(tmp_path, function) as worker, pytest.raises(DataError) as raised:
        worker.ask(PATIENCE, do="describe")
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)


def test_other_arguments_in_another_process(tmp_path):
    with hire(tmp_path, "other_arguments") as worker:
        inputs = worker.ask(PATIENCE, do="describe")["inputs"]
    with hire(tmp_path, "other_arguments", inputs=inputs) as worker, pytest.raises(DataError, match="seed"):
        worker.ask(PATIENCE, do="ready")


def test_too_much_memory(tmp_path):
    with hire(tmp_path, "large", memory=800 << 20) as worker, pytest.raises(WorkerDied) as raised:
        worker.ask(PATIENCE, do="describe")
    assert raised.value.status == "too large"


def test_too_much_time(tmp_path):
    with hire(tmp_path, "small") as worker, pytest.raises(WorkerDied) as raised:
        worker.ask(0.1, do="describe")
    assert raised.value.status == "too slow"


def test_a_crash(tmp_path):
    with hire(tmp_path, "dies") as worker, pytest.raises(WorkerDied) as raised:
        worker.ask(PATIENCE, do="describe")
    assert (raised.value.status, raised.value.why) == ("crashed", "exit code 9: nothing said")


def test_it_ends_with_its_parent(tmp_path):
    worker = hire(tmp_path, "small")
    worker.ask(PATIENCE, do="ready")
    worker._process.stdin.close()
    assert worker._process.wait(20) == 0


def test_the_example_of_the_docs(tmp_path):
    text = (PROGRAMS.parents[2] / "docs" / "collect.md").read_text()
    program = tmp_path / "mlp.py"
    program.write_text(text.partition("```python\n")[2].partition("```")[0])
    with hire(tmp_path, "small", path=str(program)) as worker:
        sites = worker.ask(PATIENCE, do="describe")["sites"]
    assert [site["opcode"] for site in sites] == ["dot", "transpose", "reshape", "reshape", "dot"]
