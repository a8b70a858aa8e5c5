import json

import pytest

from tpugraph_db.cypher.patterns.library import pattern_names

CHAIN = "layout:test:default/train/chain"


@pytest.mark.usefixtures("loaded")
class TestMatch:
    def test_rows(self, cli):
        ran = cli("match", "negate -> abs? -> tanh", "--format", "json")
        assert (ran.code, ran.err) == (0, "")
        assert json.loads(ran.out) == [{"graph": CHAIN, "negate": "negate#1", "abs": None, "tanh": "tanh#2"}]

    def test_one_graph(self, cli):
        assert len(cli("match", "parameter", "chain").out.splitlines()) == 2
        assert len(cli("match", "parameter", "--all").out.splitlines()) == 6
        assert len(cli("match", "parameter", "--collection", "tile:test").out.splitlines()) == 4

    def test_truncation_is_said(self, cli):
        ran = cli("match", "parameter", "--limit", "2")
        assert len(ran.out.splitlines()) == 3
        assert ran.err == "showing 2 of 5 rows; --limit -1 gives them all\n"

    def test_streamed(self, cli):
        ran = cli("match", "* -> *", "--limit", "-1", "--format", "jsonl")
        assert (ran.code, ran.err) == (0, "")
        assert len({tuple(json.loads(line).items()) for line in ran.out.splitlines()}) == 13

    def test_count_and_by(self, cli):
        assert cli("match", "parameter", "--count").out.split() == ["matches", "5"]
        ran = cli("match", "parameter", "--by", "collection", "--format", "csv")
        assert ran.out.splitlines() == ["collection,matches", "tile:test,3", "layout:test:default,2"]

    def test_rank(self, cli):
        ran = cli("match", "@", "--rank", "bytes", "--limit", "1", "--format", "csv")
        assert ran.out.splitlines()[1].endswith("convolution#1,1024")
        assert ran.err == "showing 1 of 2 rows; --limit -1 gives them all\n"

    def test_by_flops_and_by_block(self, cli):
        ran = cli("match", "{add|reduce}", "--rank", "flops", "--limit", "1", "--format", "csv")
        assert ran.out.splitlines() == ["graph,op1,flops", "tile:test/train/two,reduce#6,30"]
        assert ran.err == "showing 1 of 3 rows; --limit -1 gives them all\n"
        ran = cli("match", "* -> *", "diamond", "--by", "block", "--format", "csv")
        assert ran.out.splitlines() == ["block,copies,matches,where", ",,4,outside"]
        ran = cli("match", "dot", "--rank", "flops", "--show-cypher")
        assert ran.err == "its rows are ranked by flops outside the store\n"
        assert cli("match", "dot", "--by", "block").code == 2

    def test_shown_cypher_runs_as_it_is(self, cli, tmp_path):
        shown = cli("match", "@{dot|convolution} -> add", "diamond", "--show-cypher")
        assert shown.code == 0
        (tmp_path / "shown.cypher").write_text(shown.out)
        given = [line.removeprefix("// -p ") for line in shown.out.splitlines() if line.startswith("// -p ")]
        params = [word for line in given for word in ("-p", line.replace("'", ""))]
        ran = cli("query", "-f", tmp_path / "shown.cypher", *params, "--format", "json")
        assert [row["add"] for row in json.loads(ran.out)] == ["add#3", "add#3"]

    def test_of_the_library_by_name(self, cli):
        assert cli("match", "dead_end", "--count").out.split() == ["matches", "1"]
        assert cli("match", "duplicated_constants", "--count").out.split() == ["matches", "0"]

    def test_nothing_can_match(self, cli):
        ran = cli("match", "x:dot -> add -> x", "--format", "json")
        assert (ran.code, json.loads(ran.out)) == (0, [])
        assert "nothing can match: data never flows in a circle" in ran.err

    def test_a_graph_that_is_not_there(self, cli):
        ran = cli("match", "dot", "diamant")
        assert ran.code == 1
        assert "did you mean diamond" in ran.err


def test_a_syntax_error_shows_the_place(cli, empty):
    ran = cli("match", "add -> dott")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.splitlines() == [
        "add -> dott",
        "       ^",
        "tpudb: pattern, column 8: 'dott' is no opcode; did you mean dot, not, sort?",
    ]
    assert not empty.exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "give a pattern"),
        (["dot", "g", "--all"], "give one of"),
        (["dot", "g", "--collection", "c"], "give one of"),
        (["dot", "--limit", "-2"], "--limit"),
    ],
)
def test_usage(cli, empty, words, said):
    ran = cli("match", *words)
    assert ran.code == 2
    assert said in ran.err


def test_no_store_yet(cli, empty):
    assert cli("match", "dot").code == 3


def test_list(cli):
    rows = json.loads(cli("match", "--list", "--format", "json").out)
    assert [row["name"] for row in rows] == pattern_names()
