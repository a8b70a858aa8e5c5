import json

import pytest

from tpugraph_db import schema


@pytest.mark.usefixtures("loaded")
class TestGraphs:
    def test_ls(self, cli):
        listed = json.loads(cli("ls", "--format", "json").out)
        assert [(row["id"], row["ops"], row["edges"], row["configs"]) for row in listed] == [
            ("layout:test:default/train/chain", 4, 3, 0),
            ("layout:test:default/valid/diamond", 4, 4, 4),
            ("tile:test/train/two", 8, 7, 3),
        ]

    def test_info_of_a_graph(self, cli):
        rows = json.loads(cli("info", "diam", "--format", "json").out)
        facts = {row["property"]: row["value"] for row in rows}
        assert (facts["best_ns"], facts["worst_ns"], facts["config_nodes"], facts["computations"]) == (10, 30, 4, 1)

    def test_an_ambiguous_part_lists_the_candidates(self, cli):
        ran = cli("info", "layout:test")
        assert ran.code == 1
        assert "train/chain" in ran.err
        assert "valid/diamond" in ran.err

    def test_a_wrong_name_says_what_was_meant(self, cli):
        ran = cli("info", "dimond")
        assert ran.code == 1
        assert "did you mean diamond?" in ran.err


def test_info_of_a_file_needs_no_store(cli, empty, literal_files):
    rows = json.loads(cli("info", next(literal_files.rglob("two.npz")), "--format", "json").out)
    facts = {row["property"]: row["value"] for row in rows}
    assert (facts["id"], facts["computations"], facts["call_edges"]) == ("tile:test/train/two", 2, 1)
    assert not empty.exists()


def test_rm(cli, empty, literal_files, stored):
    cli("load", literal_files)
    ran = cli("rm", "chain", "two")
    assert (ran.code, ran.out) == (0, "")
    with stored() as db:
        assert [row[0] for row in db.graphs()] == ["layout:test:default/valid/diamond"]
        assert db.query("MATCH (o:Op) RETURN count(*)").rows == [(4,)]
        assert len(list(db.store.payload_folder.iterdir())) == 1


def test_schema_lists_every_property(cli):
    rows = json.loads(cli("schema", "--format", "json").out)
    wanted = [(f"(:{label.name})", p.name) for label in schema.LABELS for p in label.properties]
    assert [(row["what"], row["property"]) for row in rows][: len(wanted)] == wanted
    assert "(:Op)-[:FEEDS]->(:Op)" in [row["what"] for row in rows]
