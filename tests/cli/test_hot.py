"""hot, blocks, path, near: on both engines and on files."""

from __future__ import annotations

import json

import numpy as np
import pytest

import tpugraph_db
from tpugraph_db.analytics.cost import weighted_sum


def rows(ran):
    assert ran.code == 0, ran.err
    return json.loads(ran.out)


@pytest.mark.usefixtures("loaded")
class TestStore:
    def test_hot(self, cli):
        found = rows(cli("hot", "diamond", "--by", "fanout", "-n", 1, "--format", "json"))
        assert [(row["op"], row["fanout"], row["provenance"]) for row in found] == [(0, 2, "structural")]

    def test_more_is_said(self, cli):
        ran = cli("hot", "diamond", "--by", "cost", "-n", 1)
        assert "showing 1 of 4; -n lists more" in ran.err
        assert "modelled: cost, known of 4 of 4 ops" in ran.err

    def test_a_model_s_share(self, cli):
        assert cli("hot", "diamond", "--by", "cost_share").code == 1
        assert cli("predict", "diamond", "--write").code == 0
        found = rows(cli("hot", "diamond", "--by", "cost_share", "--format", "json"))
        with tpugraph_db.open() as db:
            record = db.record("diamond")
            assert db.hot("diamond", "cost_share", count=1).rows[0][0] == found[0]["op"]
            assert db.path("diamond", "cost", between=(0, 3)).rows[0][2] == 0
            assert len(db.blocks("diamond")) == 0
            assert [row[0] for row in db.near("diamond", 1, hops=1)] == [1, 0, 3]
        cost = weighted_sum(record.features)
        assert [row["op"] for row in found] == np.argsort(-cost, kind="stable").tolist()
        assert [row["cost_share"] for row in found] == pytest.approx(np.sort(cost / cost.sum())[::-1])
        cli("predict", "diamond", "--clear", "cost")

    def test_path(self, cli):
        found = rows(cli("path", "two", "--by", "cost", "--format", "json"))
        assert [row["op"] for row in found] == [4, 6, 7]
        slack = rows(cli("path", "two", "--by", "cost", "--slack", "--computation", 0, "-n", 1, "--format", "json"))
        assert slack[0]["slack"] == 0

    def test_near(self, cli):
        found = rows(cli("near", "two", 6, "--in", "-k", 1, "--format", "json"))
        assert [row["op"] for row in found] == [6, 2, 4, 5]
        assert cli("near", "two", "reduce.1").code == 1


def test_a_file_needs_no_store(cli, empty, hlo_file):
    found = rows(cli("hot", hlo_file, "--by", "bytes", "-n", 2, "--format", "json"))
    assert [row["name"] for row in found] == ["result", "p"]
    assert rows(cli("path", hlo_file, "--from", "x", "--to", "total", "--format", "json"))[1]["name"] == "fusion"
    assert (
        rows(cli("near", hlo_file, "erf.1", "--stop-at", "fusion", "--in", "--format", "json"))[1]["name"] == "fusion"
    )
    assert rows(cli("blocks", hlo_file, "--format", "json")) == []
    assert rows(cli("hot", hlo_file, "--group", "opcode", "--by", "fanout", "--format", "json"))[0]["opcode"] == "erf"
    assert not empty.exists()


def test_hot_sorts_and_filters_its_rows(cli, empty, hlo_file):
    words = ("hot", hlo_file, "--by", "fanout", "--format", "json")
    found = rows(cli(*words, "--filter", "f32[4,8] fanout>0", "--sort", "op"))
    assert [row["op"] for row in found] == [8, 7, 5, 3]
    found = rows(cli(*words, "--sort", "opcode", "--reverse", "-n", 1))
    assert [row["opcode"] for row in found] == ["tuple"]
    found = rows(cli(*words, "--group", "opcode", "--filter", "opcode=erf"))
    assert [(row["opcode"], row["fanout"]) for row in found] == [("erf", 2)]


def test_explore_needs_a_terminal(cli, empty, hlo_file):
    ran = cli("explore", hlo_file)
    assert (ran.code, ran.out) == (2, "")
    assert "explore needs a terminal on stdin, stdout and stderr" in ran.err
    assert not empty.exists()


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("hot", "--sort", "flop"), 1, "no column 'flop'; there is op, name,"),
        (("hot", "--by", "gcn_share"), 2, "gcn_share stands on nodes of a store"),
        (("hot", "--by", "modelled"), 2, "modelled is of a machine: --machine"),
        (("hot", "--by", "modelled", "--machine", "tpu_v9"), 1, "no machine 'tpu_v9'"),
        (("hot", "--by", "flop"), 1, "did you mean flops?"),
        (("path", "--from", "x"), 2, "give both"),
        (("path", "--from", "x", "--to", "p", "--slack"), 2, "give one of the two"),
        (("path", "--from", "result", "--to", "x"), 1, "no data flows from op 10 to op 5; it flows from 5 to 10"),
        (("path", "--by", "fanout"), 2, "fanout is no sum"),
        (("path", "--computation", "9"), 1, "has no computation 9: expected 0 to 2"),
    ],
)
def test_what_cannot_be_answered(cli, empty, hlo_file, words, code, message):
    ran = cli(words[0], hlo_file, *words[1:])
    assert (ran.code, ran.out) == (code, "")
    assert message in ran.err
