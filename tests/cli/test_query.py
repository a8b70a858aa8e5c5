import csv
import io
import json

import pyarrow.parquet as parquet
import pytest

FANOUT = "MATCH (o:Op {opcode: $op})-[:FEEDS]->(p:Op) RETURN p.opcode AS opcode, p.index AS op ORDER BY op"
ALL = "MATCH (o:Op) RETURN o.opcode AS opcode ORDER BY o.uid"


@pytest.mark.usefixtures("loaded")
class TestQuery:
    def test_json_is_a_list_of_objects(self, cli):
        ran = cli("query", FANOUT, "-p", "op=convolution", "--format", "json")
        assert (ran.code, json.loads(ran.out), ran.err) == (0, [{"opcode": "add", "op": 3}], "")

    def test_jsonl_is_an_object_a_line(self, cli):
        ran = cli("query", ALL, "--format", "jsonl", "--limit", "2")
        assert [json.loads(line) for line in ran.out.splitlines()] == [{"opcode": "parameter"}, {"opcode": "negate"}]

    def test_json_has_null_for_what_is_no_number(self, cli):
        ran = cli("query", "RETURN [0.0 / 0.0, 1.5] AS x", "--format", "json")
        assert json.loads(ran.out, parse_constant=pytest.fail) == [{"x": [None, 1.5]}]

    def test_csv_has_a_header_and_json_in_cells(self, cli):
        ran = cli("query", "RETURN [1, 2] AS list, 'a,b' AS text, null AS nothing", "--format", "csv")
        assert list(csv.reader(io.StringIO(ran.out))) == [["list", "text", "nothing"], ["[1, 2]", "a,b", ""]]

    def test_parquet_by_suffix(self, cli, tmp_path):
        ran = cli("query", FANOUT, "-p", "op=parameter", "-o", tmp_path / "rows.parquet")
        assert (ran.code, ran.out) == (0, "")
        assert parquet.read_table(tmp_path / "rows.parquet").column_names == ["opcode", "op"]

    def test_table_shows_names_and_values(self, cli):
        assert cli("query", FANOUT, "-p", "op=dot").out.split() == ["opcode", "op", "add", "3"]

    def test_truncation_is_said_on_stderr(self, cli):
        ran = cli("query", ALL, "--limit", "3")
        assert len(ran.out.splitlines()) == 4
        assert ran.err == "showing 3 of 16 rows; --limit -1 gives them all\n"

    def test_no_limit(self, cli):
        ran = cli("query", ALL, "--limit", "-1")
        assert (len(ran.out.splitlines()), ran.err) == (17, "")

    def test_parameters_are_json_else_text(self, cli):
        ran = cli(
            "query",
            "RETURN $a + 1 AS a, $b AS b, $c AS c",
            "-p",
            "a=2",
            "-p",
            "b=x=y",
            "-p",
            'c="7"',
            "--format",
            "json",
        )
        assert json.loads(ran.out) == [{"a": 3, "b": "x=y", "c": "7"}]

    def test_from_a_file(self, cli, tmp_path):
        (tmp_path / "q.cypher").write_text("RETURN 1 AS one")
        assert json.loads(cli("query", "-f", tmp_path / "q.cypher", "--format", "json").out) == [{"one": 1}]

    def test_from_stdin(self, cli, monkeypatch):
        monkeypatch.setattr("sys.stdin", io.StringIO("RETURN 2 AS two"))
        assert json.loads(cli("query", "-f", "-", "--format", "json").out) == [{"two": 2}]

    def test_a_named_query_takes_a_part_of_a_graph_id(self, cli):
        ran = cli("query", "-n", "opcode_histogram", "-p", "graph=diam", "--format", "json")
        assert sorted(row["opcode"] for row in json.loads(ran.out)) == ["add", "convolution", "dot", "parameter"]

    def test_an_unknown_named_query_says_what_was_meant(self, cli):
        ran = cli("query", "-n", "opcode_histogramm")
        assert ran.code == 1
        assert "did you mean opcode_histogram" in ran.err

    def test_a_syntax_error_says_where(self, cli):
        ran = cli("query", "MATCH (o:Op)\nRETURN o..x")
        assert (ran.code, ran.out) == (1, "")
        assert "line 2" in ran.err
        assert len(ran.err.splitlines()) == 1

    def test_a_write_needs_write(self, cli):
        ran = cli("query", "MATCH (o:Op) SET o.mine = 1")
        assert ran.code == 1
        assert "--write" in ran.err

    def test_a_write(self, cli):
        assert cli("query", "CREATE (n:Note {text: $t})", "-p", "t=hello", "--write").code == 0
        assert "hello" in cli("query", "MATCH (n:Note) RETURN n.text").out
        assert cli("query", "MATCH (n:Note) DELETE n", "--write").code == 0

    def test_a_name_cannot_reach_the_terminal_as_an_escape(self, cli):
        ran = cli("query", "RETURN $x AS x", "-p", "x=a\x1b[31m[bold]b")
        assert "a\\x1b[31m[bold]b" in ran.out
        assert "\x1b" not in ran.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "give one of"),
        (["RETURN 1", "-n", "hubs"], "give one of"),
        (["RETURN 1", "-p", "x"], "NAME=VALUE"),
        (["RETURN 1", "--limit", "-5"], "--limit"),
        (["-f", "not-there.cypher"], "cannot be read"),
    ],
)
def test_usage(cli, empty, words, said):
    ran = cli("query", *words)
    assert ran.code == 2
    assert said in ran.err


def test_no_store_yet(cli, empty):
    ran = cli("query", "RETURN 1")
    assert ran.code == 3
    assert "tpudb load" in ran.err
    assert not empty.exists()


def test_queries_lists_every_file(cli):
    from tpugraph_db.cypher.library import all_queries

    listed = [row["name"] for row in json.loads(cli("queries", "--format", "json").out)]
    assert listed == [query.name for query in all_queries()]
    assert len(listed) >= 10
