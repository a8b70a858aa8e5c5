"""stats, export, draw, nx: on both engines and on files."""

from __future__ import annotations

import io
import json
import xml.etree.ElementTree as ET

import networkx as nx
import pytest

import tpugraph_db
from tests.formats.files import arrays_of
from tpugraph_db.analytics.subset import choose_ops, queried_ops
from tpugraph_db.errors import NotFoundError, QueryError, ReadOnlyError, UsageError

LATE = "MATCH (o:Op {graph: $graph}) WHERE o.index > 1 "


def rows(ran):
    assert ran.code == 0, ran.err
    return json.loads(ran.out)


@pytest.mark.usefixtures("loaded")
class TestStore:
    def test_a_query_chooses_ops(self):
        with tpugraph_db.open() as db:
            record = db.record("diamond")

            def ops(text):
                return queried_ops(record, text, db.store).tolist()

            assert ops(LATE + "RETURN o") == ops(LATE + "RETURN o.uid") == ops(LATE + "RETURN o.index") == [2, 3]
            assert ops(LATE + "RETURN collect(o)") == [2, 3]
            assert ops("MATCH p = (:Op {graph: $graph, index: 0})-[:FEEDS]->(:Op {index: 1}) RETURN p") == [0, 1]
            assert ops("MATCH (o:Op {graph: $graph}) OPTIONAL MATCH (o)-[:FEEDS]->(n:Op {index: 3}) RETURN n") == [3]
            assert choose_ops(record, cypher="RETURN 2", store=db.store).tolist() == [2]
            with pytest.raises(NotFoundError, match="the query returns no op of it"):
                choose_ops(record, cypher="MATCH (o:Op {graph: $graph, index: 9}) RETURN o", store=db.store)
            with pytest.raises(UsageError, match="chain#0': expected ops of layout:test:default/valid/diamond"):
                ops("MATCH (o:Op {index: 0}) RETURN o ORDER BY o.graph LIMIT 1")
            with pytest.raises(UsageError, match="returns op 7: layout:test:default/valid/diamond has 0 to 3"):
                ops("RETURN 7")
            with pytest.raises(UsageError, match="returns a float"):
                ops("RETURN 1.5")
            with pytest.raises(UsageError, match="returns a node Graph"):
                ops("MATCH (g:Graph) RETURN g LIMIT 1")
            with pytest.raises(ReadOnlyError):
                ops("CREATE (n:Op) RETURN n")
            with pytest.raises(QueryError):
                ops("MATCH (")

    def test_stats(self, cli):
        (whole,) = rows(cli("stats", "diamond", "--format", "json"))
        assert (whole["ops"], whole["edges"], whole["depth"], whole["width"]) == (4, 4, 2, 2)
        (part,) = rows(cli("stats", "diamond", "--cypher", LATE + "RETURN o", "--format", "json"))
        assert (part["ops"], part["edges"], part["bytes_in"], part["bytes_out"]) == (2, 1, 128 + 1024, 0)
        (part,) = rows(cli("stats", "diamond", "--near", 1, "-k", 1, "--format", "json"))
        assert part["ops"] == 3
        (part,) = rows(cli("stats", "diamond", "--match", "{convolution|dot} -> add", "--format", "json"))
        assert (part["ops"], part["edges"]) == (3, 2)
        lines = [line.split() for line in cli("stats", "diamond").out.splitlines()]
        assert lines[1] == ["ops", "4", "structural"]
        assert lines[-1] == ["cost_share", "1", "modelled"]
        ran = cli("stats", "diamond", "--by", "opcode", "-n", 1)
        assert ran.err == "showing 1 of 4; -n lists more\n"

    @pytest.mark.parametrize(
        ("pattern", "code", "message"),
        [
            ("tanh", 1, "there is no op of it"),
            ("convolution -> ad", 1, "did you mean pad, and, add?"),
            ("duplicated_constants", 2, "duplicated_constants is a query, whose rows are not ops alone"),
        ],
    )
    def test_a_pattern_that_chooses_nothing(self, cli, pattern, code, message):
        ran = cli("stats", "diamond", "--match", pattern)
        assert (ran.code, ran.out) == (code, "")
        assert message in ran.err

    def test_export(self, cli, tmp_path):
        cli("export", "diamond", "--cypher", LATE + "RETURN o", "-o", tmp_path / "part.npz")
        arrays = arrays_of(tmp_path / "part.npz")
        assert (arrays["edge_index"].tolist(), arrays["node_config_ids"].tolist()) == ([[1, 0]], [0])
        back = nx.read_graphml(io.BytesIO(cli("export", "two", "-f", "graphml").out.encode()), node_type=int)
        assert sorted(back.edges) == [(0, 2), (1, 2), (1, 3), (2, 6), (4, 6), (5, 6), (6, 7)]

    def test_draw(self, cli, tmp_path):
        ran = cli("draw", "two", "--near", 6, "-k", 1, "--by", "cost", "-o", tmp_path / "two.svg")
        assert (ran.code, ran.out) == (0, "")
        assert ran.err.startswith("modelled: cost, known of 8 of 8 ops")
        groups = ET.parse(tmp_path / "two.svg").iter("{http://www.w3.org/2000/svg}g")
        assert [group.get("data-op") for group in groups if group.get("data-op")] == ["2", "4", "5", "6", "7"]

    def test_nx(self, cli):
        ran = cli("nx", "diamond", "betweenness_centrality", "--format", "json", "-n", 2)
        # one of the two ways from 0 to 3, of 3 * 2 ordered pairs of others
        found = [(row["op"], row["betweenness_centrality"], row["provenance"]) for row in rows(ran)]
        assert found == [(1, pytest.approx(0.5 / 6), "structural"), (2, pytest.approx(0.5 / 6), "structural")]
        assert "showing 2 of 4; -n lists more" in ran.err

    def test_the_library_has_the_same_verbs(self, tmp_path):
        with tpugraph_db.open() as db:
            assert len(db.stats("two", "computation", near=6)) == 2
            assert db.nx("chain", "topological_generations").rows[3][4] == 3
            written = db.export("chain", tmp_path / "c.json", "model-explorer", node_data="cost", near=0, hops=1)
            assert [path.name for path in written] == ["c.json", "c.cost.modelled.json"]
            assert len(json.loads(written[0].read_text())[0]["nodes"]) == 2
            db.draw("chain", tmp_path / "c.svg", "fanout", cypher=LATE + "RETURN o.uid")
            assert (tmp_path / "c.svg").read_text().count("data-op") == 2


def test_a_file_needs_no_store(cli, empty, hlo_file, tmp_path):
    found = rows(cli("stats", hlo_file, "--by", "source", "--near", "erf.1", "-k", 1, "--format", "json"))
    assert {row["source"]: row["ops"] for row in found} == {
        None: 2, "/home/me/model.py:12": 1, "/home/me/model.py:13": 1
    }  # fmt: skip
    assert rows(cli("nx", hlo_file, "in_degree_centrality", "-n", 1, "--format", "json"))[0]["name"] == "total"
    assert cli("export", hlo_file, "-f", "dot").out.startswith('digraph "hlo:local/none/loss" {')
    assert cli("export", hlo_file, "-f", "parquet", "-o", tmp_path / "tables").err.startswith("written: ")
    assert sorted(path.name for path in (tmp_path / "tables").iterdir()) == ["edges.parquet", "ops.parquet"]
    ran = cli("export", hlo_file, "-f", "model-explorer", "--node-data", "flops", "-o", tmp_path / "g.json")
    assert ran.err == f"written: {tmp_path}/g.json, {tmp_path}/g.flops.structural.json\n"
    assert cli("draw", hlo_file, "-o", tmp_path / "x.svg").code == 0
    assert not empty.exists()


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("stats", "--cypher", "RETURN 1"), 2, "is a file: tpudb load it first"),
        (("stats", "--near", "erf"), 1, "did you mean erf.1"),
        (("stats", "--near", "x", "--cypher", "RETURN 1"), 2, "give one of them"),
        (("stats", "-k", "1"), 2, "give --near OP too"),
        (("export", "-f", "parquet"), 2, "parquet is two files, ops and edges: give -o FOLDER"),
        (("export", "-f", "json", "--node-data", "flops"), 2, "give both"),
        (("export", "-f", "json", "-o", "/none/x.json"), 2, "/none/x.json: cannot be written"),
        (("draw", "-o", "x.gif"), 2, "x.gif: expected FILE.svg or FILE.png"),
        (("draw", "-o", "/none/x.svg"), 2, "/none/x.svg: cannot be written"),
        (("nx", "pagerang"), 1, "did you mean pagerank?"),
    ],
)
def test_what_cannot_be_answered(cli, empty, hlo_file, words, code, message):
    ran = cli(words[0], hlo_file, *words[1:])
    assert (ran.code, ran.out) == (code, "")
    assert message in ran.err


def test_too_many_to_draw(cli, empty, tmp_path):
    path = tmp_path / "long.hlo"
    lines = [f"  a{at} = f32[] negate(a{at - 1})" for at in range(1, 700)]
    path.write_text("\n".join(["HloModule m", "ENTRY e {", "  a0 = f32[] parameter(0)", *lines, "}"]))
    ran = cli("draw", path, "-o", tmp_path / "x.svg")
    assert ran.code == 2
    assert "700 ops are more than a picture holds (600); draw some of them: --near OP -k 2" in ran.err
