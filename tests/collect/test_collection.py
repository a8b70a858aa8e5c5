"""Whole collections, of few configurations and rounds."""

import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

from tests.collect.processes import children
from tpugraph_db.collect import work
from tpugraph_db.collect.collection import collect
from tpugraph_db.collect.journal import Journal
from tpugraph_db.collect.settings import Settings
from tpugraph_db.errors import DataError, UsageError
from tpugraph_db.formats import read

PROGRAMS = Path(__file__).with_name("programs.py")
FEW = Settings(configs=7, rounds=3)


@pytest.fixture(scope="module")
def told():
    return []


@pytest.fixture(scope="module")
def collected(tmp_path_factory, told):
    output = tmp_path_factory.mktemp("collected") / "small.npz"
    return collect(f"{PROGRAMS}:small", output, FEW, on_progress=lambda *progress: told.append(progress))


@pytest.fixture(scope="module")
def arrays(collected):
    with np.load(collected.path) as file:
        return dict(file)


def test_tpugraphs_keys(arrays):
    ops, edges = len(arrays["node_opcode"]), len(arrays["edge_index"])
    assert {
        key: (array.dtype.name, array.shape) for key, array in arrays.items() if key.startswith(("node", "edge"))
    } == {
        "node_feat": ("float32", (ops, 140)),
        "node_opcode": ("uint8", (ops,)),
        "edge_index": ("int64", (edges, 2)),
        "node_config_feat": ("float32", (7, 6, 18)),
        "node_config_ids": ("int64", (6,)),
        "node_splits": ("int64", (1, arrays["node_splits"].shape[1])),
    }
    assert arrays["config_runtime"].dtype == np.int64


def test_the_ops_that_are_constrained(collected):
    record = collected.record
    opcodes = record.opcodes[record.configurable_ops].tolist()
    assert sorted(opcodes) == ["dot", "dot", "reshape", "reshape", "transpose", "transpose"]


def test_the_columns(collected, arrays):
    rows = arrays["node_config_feat"]
    assert (rows[0] == -1).all()
    assert (rows[:, :, 3:] == -1).all()  # of rank 3; inputs are left to the compiler
    chosen = rows[(rows[:, :, 0] >= 0)][:, :3]
    assert (np.sort(chosen, axis=1) == [0, 1, 2]).all()
    assert [int((row[:, 0] >= 0).sum()) for row in rows] == [0, 1, 2, 4, 1, 2, 4]


def test_runtimes_are_the_lower_quartiles_of_the_runs(arrays):
    rounds, executable = arrays["executable_round_ns"], arrays["config_executable"]
    assert rounds.shape == (2, 3, executable.max() + 1)
    assert (rounds > 0).all()
    for key, run in (("config_runtime", 0), ("config_runtime_repeat", 1)):
        assert arrays[key].tolist() == np.sort(rounds[run], axis=0)[0][executable].tolist()


def test_the_default_is_the_first(arrays):
    assert arrays["config_is_default"].tolist() == [True] + [False] * 6


def test_what_is_said_beside(collected, arrays):
    facts = json.loads(bytes(arrays["collected"]))
    assert facts == json.loads(json.dumps(collected.facts))
    assert facts["program"] == "programs.py:small"
    assert facts["machine"]["affinity"] == 1
    assert facts["processes"] == [1, 1]
    assert facts["repeat_tau"] == collected.record.configurations.repeat_tau
    assert (facts["configurations"], facts["refused"]) == (7, {})
    assert 0 < facts["seconds"]["compiling"] < facts["seconds"]["total"]
    assert str(Path.home()) not in json.dumps(facts)


def test_the_hlo_keeps_the_names(collected, arrays):
    assert bytes(arrays["hlo_text"]).startswith(b"HloModule jit_small")
    program, ops = collected.record.program, collected.record.configurable_ops.tolist()
    assert program.stage == "before_optimizations"
    assert {program.source_file[op] for op in ops} == {"programs.py"}
    assert all("tpudb.site." in program.op_name[op] for op in ops)


def test_the_best_met_the_default_again(collected, arrays):
    best = collected.facts["best"]
    assert (best is None) == ("best_round_ns" not in arrays)
    if best:
        assert arrays["best_round_ns"].shape == (15, 2)
        assert best["low"] <= best["ratio"] <= best["high"]
        assert arrays["config_runtime"][best["configuration"]] > 0


def test_progress(told):
    assert told[0] == ("compiling", 0, 7)
    assert ("compiling", 7, 7) in told
    assert [step for step in told if step[0] == "run 2"] == [("run 2", done, 3) for done in range(4)]


def test_nothing_is_left_beside(collected):
    assert list(collected.path.parent.iterdir()) == [collected.path]


def test_a_result_is_not_written_over(collected):
    with pytest.raises(DataError, match=r"small.npz: file: expected none yet, found one; remove it"):
        collect(f"{PROGRAMS}:small", collected.path, FEW)


class Stopped(Exception):  # noqa: N818
    pass


def stop_at(work, done):
    def progress(*said):
        if said[:2] == (work, done):
            raise Stopped

    return progress


def test_it_goes_on_where_it_was(tmp_path):
    source, output = f"{PROGRAMS}:small", tmp_path / "small.npz"
    journals = []
    for stop in (("compiling", 3), ("run 1", 2)):
        with pytest.raises(Stopped):
            collect(source, output, FEW, resume=True, on_progress=stop_at(*stop))
        assert children(output) == []
        journals.append(Journal(work.folder(output) / work.JOURNAL))
    compiled, measured = journals
    assert len(compiled.compiled) == 3
    assert measured.compiled | compiled.compiled == measured.compiled
    assert measured.done("run 1") == {0, 1}
    found = collect(source, output, FEW, resume=True)
    assert found.facts["processes"] == [2, 1]
    with np.load(output) as file:
        assert file["executable_round_ns"][0, :2].tolist() == measured.rounds("run 1", 2).tolist()
    assert list(tmp_path.iterdir()) == [output]


def test_an_interrupted_one_is_not_forgotten(tmp_path):
    source, output = f"{PROGRAMS}:small", tmp_path / "small.npz"
    with pytest.raises(Stopped):
        collect(source, output, FEW, on_progress=stop_at("compiling", 1))
    with pytest.raises(DataError, match="found an interrupted collection; --resume continues it"):
        collect(source, output, FEW)
    with pytest.raises(DataError, match=r"seed: expected 0, found 1 now; remove .* to begin again"):
        collect(source, output, Settings(configs=7, rounds=3, seed=1), resume=True)
    with pytest.raises(DataError, match=r"hlo: expected \w+, found \w+ now"):
        collect(f"{PROGRAMS}:twice_as_much", output, FEW, resume=True)


@pytest.mark.parametrize(
    ("function", "said"),
    [
        ("nothing_to_choose", "found none, so there is no layout to choose"),
        ("dies", "program: expected a program that runs, found exit code 9: nothing said"),
    ],
)
def test_programs_that_are_refused(tmp_path, function, said):
    with pytest.raises(DataError, match=said):
        collect(f"{PROGRAMS}:{function}", tmp_path / "x.npz", FEW)


def test_a_program_that_is_too_large(tmp_path):
    with pytest.raises(DataError, match=r"memory: expected a program that takes at most 419,430,400 bytes, .*--memory"):
        collect(f"{PROGRAMS}:large", tmp_path / "x.npz", Settings(memory=400 << 20))


def test_no_jax(tmp_path, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(UsageError, match=r"pip install 'tpugraph-db\[jax\]'"):
        collect(f"{PROGRAMS}:small", tmp_path / "x.npz")


def test_a_suffix(tmp_path):
    with pytest.raises(UsageError, match=r"is an \.npz file"):
        collect(f"{PROGRAMS}:small", tmp_path / "x.hlo")


def test_other_readers_of_npz_see_the_arrays(collected):
    assert "node_feat.npy" in zipfile.ZipFile(collected.path).namelist()
    assert read(collected.path) == collected.record
