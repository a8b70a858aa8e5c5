import json

import pytest


@pytest.mark.usefixtures("loaded")
class TestPredict:
    def test_top_lists_the_dearest(self, cli):
        ran = cli("predict", "diamond", "--top", "2", "--format", "json")
        listed = json.loads(ran.out)
        assert ran.code == 0
        assert len(listed) == 2
        assert listed[0]["cost"] >= listed[1]["cost"]
        assert listed[0]["cost_rank"] == 3
        assert listed[0]["opcode"] == "convolution"

    def test_without_write_the_nodes_are_left_alone(self, cli):
        cli("predict", "--all")
        assert json.loads(cli("query", "MATCH (o:Op) RETURN count(o.cost) AS n", "--format", "json").out) == [{"n": 0}]

    def test_write_puts_it_on_the_nodes_and_clear_takes_it_off(self, cli):
        ran = cli("predict", "--all", "--write", "--top", "0")
        assert "wrote cost, cost_share, cost_rank, cost_finish on 4 ops of layout:test:default/train/chain" in ran.err
        counted = "MATCH (o:Op) RETURN count(o.cost) AS costs, count(o.cost_finish) AS ends"
        assert json.loads(cli("query", counted, "--format", "json").out) == [{"costs": 16, "ends": 16}]
        assert "cleared cost from 1 graphs" in cli("predict", "chain", "--clear", "cost").err
        assert json.loads(cli("query", counted, "--format", "json").out) == [{"costs": 12, "ends": 12}]
        assert "cleared cost from 2 graphs" in cli("predict", "--all", "--clear", "cost").err

    def test_an_unknown_model(self, cli):
        ran = cli("predict", "--all", "--model", "costs")
        assert ran.code == 1
        assert "did you mean cost?" in ran.err


def test_graphs_or_all(cli, empty):
    assert cli("predict").code == 2
    assert cli("predict", "x", "--all").code == 2
    assert cli("predict", "x", "--clear", "cost", "--write").code == 2
