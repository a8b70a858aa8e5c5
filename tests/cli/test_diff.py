"""diff: on both engines and on files."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import replace
from pathlib import Path

import pytest

import tpugraph_db
from tests import graphs
from tests.conftest import write_npz
from tpugraph_db.cli.output import write_rows
from tpugraph_db.diffed import diff_graphs
from tpugraph_db.packed import Lists, Strings

DOCUMENT = (Path(__file__).parents[2] / "docs" / "diff.md").read_text(encoding="utf-8")

NOTES = """
MATCH (g:Graph) WHERE g.name IN ['once', 'again']
CREATE (:Prediction {id: g.id + '/prediction/hand', graph: g.id, model: 'hand', properties: ['Config.hand_rank']})
"""
RANKS = """
UNWIND $ranks AS rank
MATCH (g:Graph {name: rank.name})
MATCH (c:Config {graph: g.id}) WHERE c.index < 3
SET c.hand_rank = rank.by * c.index
"""


def rows(ran):
    assert ran.code == 0, ran.err
    return json.loads(ran.out)


@pytest.fixture
def edited(tmp_path):
    """The literal program with a transpose before its erf."""
    path = tmp_path / "edited.hlo"
    before = "  %erf.1 = f32[4,8]{1,0:T(8,128)} erf(%fusion)"
    assert before in graphs.LOWERED_TEXT
    after = "  %turned = f32[4,8]{1,0} transpose(%fusion), dimensions={0,1}\n" + before.replace("%fusion", "%turned")
    path.write_text(graphs.LOWERED_TEXT.replace(before, after))
    return path


@pytest.mark.usefixtures("loaded")
class TestStore:
    def test_a_graph_with_itself(self, cli):
        ran = cli("diff", "diamond", "diamond", "--format", "json")
        assert rows(ran) == []
        assert "structural: no difference: 4 ops matched" in ran.err

    def test_two_graphs(self, cli, hlo_file):
        found = rows(cli("diff", "chain", "diamond", "--by", "fanout", "--format", "json"))
        assert {row["provenance"] for row in found} == {"structural"}
        with tpugraph_db.open() as db:
            difference = db.diff("chain", "diamond", "fanout")
            assert db.diff(hlo_file, hlo_file).same
        assert difference.changes.to_dicts() == found

    def test_what_was_predicted(self, cli, tmp_path):
        """A model's ranks on the nodes of both, here written by hand: the reverse of each other."""
        paths = [write_npz(graphs.diamond().replace(name=name), tmp_path) for name in ("once", "again")]
        ranks = [{"name": "once", "by": 1}, {"name": "again", "by": -1}]
        with tpugraph_db.open() as db:
            db.load(paths, configs=None)
            db.query(NOTES, write=True)
            db.query(RANKS, {"ranks": ranks}, write=True)
        found = {row["what"]: row for row in rows(cli("diff", "once", "again", "--summary", "--format", "json"))}
        assert (found["hand_tau"]["both"], found["hand_tau"]["provenance"]) == (-1, "learned")
        assert found["hand_compared_configs"]["both"] == 3
        assert found["hand_top1_same"]["both"] == 0
        assert found["tau"]["both"] == 1
        assert cli("diff", "once", "again", "--fail-on", "hand_tau<0.5").code == 4

    def test_a_graph_that_is_not_there(self, cli, hlo_file):
        ran = cli("diff", "diamnd", hlo_file)
        assert (ran.code, ran.out) == (1, "")
        assert "diamond" in ran.err


def test_files_need_no_store(cli, empty, hlo_file, edited):
    ran = cli("diff", hlo_file, edited, "--by", "bytes", "--format", "json")
    assert [(row["kind"], row["name"], row["bytes_change"]) for row in rows(ran)] == [
        ("added", "turned", 128), ("changed", "erf.1", 0)
    ]  # fmt: skip
    assert "structural: ops: 1 added, 0 removed, 1 changed, 11 matched" in ran.err
    ran = cli("diff", hlo_file, edited, "-n", 1, "--format", "csv")
    assert ran.out.count("\n") == 2
    assert "showing 1 of 2; -n lists more" in ran.err
    assert not empty.exists()


def test_gates(cli, empty, hlo_file, edited):
    ran = cli(
        "diff", hlo_file, edited, "--fail-on", "ops:transpose>0", "--fail-on", "removed>0", "--fail-on", "bytes>5%"
    )
    assert ran.code == 4
    assert "turned" in ran.out
    assert "2 gates failed: ops:transpose>0: found +1 (0 -> 1); bytes>5%: found +" in ran.err
    assert cli("diff", edited, hlo_file, "--fail-on", "ops:transpose>0", "--summary").code == 0


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("--fail-on", "bytes=>5%"), 2, "did you mean 'bytes>=5%'"),
        (("--fail-on", "byts>5%"), 2, "did you mean bytes"),
        (("--fail-on", "best_ns>2%"), 1, "neither graph has measured configurations"),
        (("--fail-on", "modelled>2%"), 2, "modelled is of a machine: --machine"),
        (("--fail-on", "measured>2%"), 1, "has no profile of its ops"),
        (("--by", "flop"), 1, "did you mean flops?"),
        (("--by", "gcn_share"), 2, "gcn_share stands on nodes of a store"),
    ],
)
def test_what_cannot_be_answered(cli, empty, hlo_file, words, code, message):
    ran = cli("diff", hlo_file, hlo_file, *words)
    assert (ran.code, ran.out) == (code, "")
    assert message in ran.err


def test_modelled_time(cli, empty, hlo_file, edited):
    edited.write_text(edited.read_text().replace("transpose(%fusion), dimensions={0,1}", "negate(%fusion)"))
    found = cli("diff", hlo_file, edited, "--machine", "tpu_v4", "--summary", "--format", "json")
    (modelled,) = (row for row in rows(found) if row["what"] == "modelled")
    assert (modelled["provenance"], modelled["unit"]) == ("modelled", "ns")
    assert modelled["change"] == pytest.approx(256 / 1200)  # reads and writes 128 bytes at 1,200 GB/s


def test_hostile_names(empty, tmp_path):
    """No escape sequence reaches the terminal, and a spreadsheet takes no name for a formula."""
    record = graphs.lowered()
    assert record.program is not None
    names = Strings.of(["=1+1", "\x1b[31mred", *record.program.names.tolist()[2:]])
    operands = Lists.of([*record.program.operands.tolist()[:2], [1], *record.program.operands.tolist()[3:]])
    other = record.replace(program=replace(record.program, names=names, operands=operands))
    result = diff_graphs((other, None), (record, None)).changes
    write_rows(result, "csv", tmp_path / "out.csv")
    write_rows(result, "table", tmp_path / "out.txt")
    table, cells = (tmp_path / "out.txt").read_text(), (tmp_path / "out.csv").read_text()
    assert "\\x1b[31mred" in table
    assert "\x1b" not in table
    assert not re.search(r"(?m)(^|,)=", cells)


def test_the_gates_of_the_document(cli, empty, tmp_path, monkeypatch, hlo_file, edited):
    """The command line of the GitHub Actions example runs, passes what has not changed and fails what has."""
    words = shlex.split(DOCUMENT.split("run: >-\n")[1].split("```")[0])
    assert words[0] == "tpudb"
    assert words.count("--fail-on") >= 3
    monkeypatch.chdir(tmp_path)
    Path("main.hlo").write_text(hlo_file.read_text())
    Path("branch.hlo").write_text(hlo_file.read_text())
    assert cli(*words[1:]).code == 0
    Path("branch.hlo").write_text(edited.read_text())
    ran = cli(*words[1:])
    assert ran.code == 4
    assert "ops:transpose>0: found +1 (0 -> 1)" in ran.err
