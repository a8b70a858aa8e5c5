import json
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.collect.processes import children, wait_for

PROGRAMS = Path(__file__).parents[1] / "collect" / "programs.py"
SMALL = f"{PROGRAMS}:small"
FEW = ("--configs", 5, "--rounds", 3, "--jobs", 1)
TPUDB = [
    sys.executable,
    "-c",  # a shell's background job is born deaf to Ctrl-C
    "import signal; signal.signal(signal.SIGINT, signal.SIG_DFL); from tpugraph_db.cli import main; main()",
]


def test_a_collection_in_the_store(cli, empty, stored, tmp_path):
    output = tmp_path / "mine.npz"
    ran = cli("collect", SMALL, *FEW, "-o", output, "--load", "--format", "json")
    assert ran.code == 0, ran.err
    (row,) = json.loads(ran.out)
    assert (row["graph"], row["configurable_ops"], row["configs"]) == ("layout:local/none/mine", 6, 5)
    assert row["best_ns"] <= row["default_ns"] <= row["worst_ns"]
    assert "every configuration compiled and gave the default's results" in ran.err
    assert ran.err.endswith("loaded layout:local/none/mine\n")
    with stored() as db:
        (graph,) = db.graphs().to_dicts()
        default = db.query("MATCH (c:Config) WHERE c.is_default RETURN c.index, c.runtime_ns").rows
    assert (graph["measured"], graph["configs"]) == (5, 5)
    assert graph["repeat_tau"] == pytest.approx(row["repeat_tau"], abs=1e-3)
    assert default == [(0, row["default_ns"])]


def test_a_profile_is_a_second_graph(cli, empty, stored, tmp_path):
    words = ("--configs", 2, "--rounds", 3, "--runs", 1, "--jobs", 1, "--profile", "--load")
    ran = cli("collect", SMALL, *words, "-o", tmp_path / "p.npz")
    assert ran.code == 0, ran.err
    assert "of it in ops named as before optimisation" in ran.err
    with stored() as db:
        stages = db.query("MATCH (g:Graph) RETURN g.name, g.stage ORDER BY g.name").rows
        assert stages == [("p", "before_optimizations"), ("p.after_optimizations", "after_optimizations")]
        tied = db.query(
            "MATCH (a:Op) WHERE a.measured_ns > 0 MATCH (b:Op {name: $name}) WHERE b.op_name = a.op_name "
            "RETURN b.opcode, b.source_file, a.measured_ns > 0",
            {"name": op_named(stored_record(db, "p"), "tpudb.site.0/dot_general")},
        ).rows
        assert tied == [("dot", "programs.py", True)]
        measured = db.record("p.after_optimizations").measured_ns
        assert measured.sum() == db.query("MATCH (o:Op) RETURN sum(o.measured_ns)").rows[0][0]


def stored_record(db, name):
    return db.record(f"layout:local/none/{name}")


def op_named(record, end):
    names = record.program.op_name.tolist()
    return record.program.names[next(at for at, name in enumerate(names) if name.endswith(end))]


def test_the_collections_name(cli, empty, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    words = ("--load", "--collection", "layout:cpu:random")
    ran = cli("collect", f"{PROGRAMS}:by-table", "--configs", 2, "--rounds", 1, "--runs", 1, "--jobs", 1, *words)
    assert ran.code == 0, ran.err
    assert "loaded layout:cpu:random/none/by-table" in ran.err
    with np.load(tmp_path / "by-table.npz") as file:
        assert "config_runtime_repeat" not in file


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["mlp.py"], 2, "tpudb: mlp.py: expected PROGRAM.py:function"),
        (["gone.py:f"], 1, "tpudb: gone.py: file: expected a program in Python, found no such file"),
        ([SMALL, "-o", "x.txt"], 2, "tpudb: x.txt: a collection is an .npz file"),
        ([f"{PROGRAMS}:raises"], 1, "found ValueError: no weights (line "),
        ([f"{PROGRAMS}:smal"], 1, "expected a function of that name, found none; did you mean small?"),
    ],
)
def test_what_is_refused_is_one_line(cli, tmp_path, monkeypatch, words, code, said):
    monkeypatch.chdir(tmp_path)
    ran = cli("collect", *words)
    assert ran.code == code
    assert said in ran.err
    assert (ran.out, ran.err.count("\n")) == ("", 1)


@pytest.mark.parametrize("words", [["--configs", "1"], ["--rounds", "0"], ["--memory", "much"], ["--timeout", "0"]])
def test_numbers_that_make_no_sense(cli, words):
    ran = cli("collect", SMALL, *words)
    assert ran.code == 2
    assert f"Invalid value for '{words[0]}'" in ran.err


def test_no_jax(cli, tmp_path, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    ran = cli("collect", SMALL, "-o", tmp_path / "x.npz")
    assert (ran.code, ran.err) == (2, "tpudb: tpudb collect needs JAX: pip install 'tpugraph-db[jax]'\n")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGKILL, -signal.SIGKILL)])
def test_whatever_ends_it_what_is_measured_is_kept(tmp_path, number, code):
    output, journal = tmp_path / "s.npz", tmp_path / "s.npz.work" / "journal.jsonl"
    words = [*TPUDB, "collect", SMALL, *map(str, FEW), "--rounds", "20000", "-o", str(output)]
    child = subprocess.Popen(words, stderr=subprocess.PIPE, text=True)
    wait_for(lambda: journal.exists() and journal.read_text().count('"round"') > 5)
    child.send_signal(number)
    assert child.wait(10) == code
    assert child.stderr.read() == ""
    wait_for(lambda: not children(output))
    whole = [line for line in journal.read_text().splitlines(keepends=True) if line.endswith("\n")]
    kept = [entry["ns"] for entry in map(json.loads, whole) if "round" in entry]
    rounds = str(len(kept) + 1)
    words[words.index("20000")] = rounds
    again = subprocess.run([*words, "--resume", "--format", "json"], capture_output=True, text=True)
    assert again.returncode == 0, again.stderr
    with np.load(output) as file:
        assert file["executable_round_ns"].shape[:2] == (2, len(kept) + 1)
        assert file["executable_round_ns"][0, : len(kept)].tolist() == kept
    assert list(tmp_path.iterdir()) == [output]
