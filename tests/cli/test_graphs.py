import io
import json
import subprocess
import sys

import numpy as np
import pytest

from tests import graphs
from tests.formats.files import arrays_of, same_arrays
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


def test_info_of_a_program(cli, hlo_file):
    rows = json.loads(cli("info", hlo_file, "--format", "json").out)
    facts = {row["property"]: row["value"] for row in rows}
    assert (facts["id"], facts["module"], facts["computations"]) == ("hlo:local/none/loss", "jit_loss", 3)
    assert "erf 1" in facts["most_frequent"]
    assert "stage" not in facts


def test_info_of_a_file_of_several_graphs_has_a_row_for_each(cli, data):
    ran = cli("info", data / "tuning" / "op_tuning_data.pb", "--format", "json")
    rows = json.loads(ran.out)
    assert len(rows) == 15
    assert rows[0] == {
        "id": "tile:local/none/op_tuning_data.fusion.232",
        "ops": 20,
        "edges": 19,
        "configs": 61,
        "measured": 61,
        "best_ns": 57188,
        "worst_ns": 390377,
    }


def test_info_says_what_is_not_known(cli, hlo_file):
    hlo_file.write_text(graphs.LOWERED_TEXT.replace("kind=kLoop", "kind=kLoop, novelty={1}"))
    assert cli("info", hlo_file).err == "unknown to this program, kept as text: novelty (1)\n"


def test_export_gives_the_arrays_of_the_file(cli, empty, literal_files, tmp_path):
    (path,) = literal_files.rglob("diamond.npz")
    cli("load", path)
    ran = cli("export", "diamond", "-f", "npz", "-o", tmp_path / "out.npz")
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert same_arrays(arrays_of(tmp_path / "out.npz"), arrays_of(path))


def test_export_of_a_program_writes_tpugraphs_own_keys(cli, empty, hlo_file, tmp_path):
    cli("load", hlo_file)
    cli("export", "loss", "-o", tmp_path / "out.npz")
    arrays = arrays_of(tmp_path / "out.npz")
    assert {key: (array.dtype.str, array.shape) for key, array in arrays.items()} == {
        "node_feat": ("<f4", (11, 140)),
        "node_opcode": ("|u1", (11,)),
        "edge_index": ("<i8", (11, 2)),
        "node_config_feat": ("<f4", (0, 0, 18)),
        "node_config_ids": ("<i8", (0,)),
        "node_splits": ("<i8", (1, 2)),
        "config_runtime": ("<i8", (0,)),
    }


def test_export_to_stdout(loaded):
    command = [sys.executable, "-m", "tpugraph_db", "export", "chain"]
    done = subprocess.run(command, capture_output=True, check=True)
    with np.load(io.BytesIO(done.stdout)) as archive:
        assert archive["node_opcode"].tolist() == graphs.chain().opcode_numbers.tolist()


def test_export_to_where_nothing_can_be_written(cli, empty, literal_files, tmp_path):
    cli("load", literal_files)
    ran = cli("export", "chain", "-o", tmp_path / "none" / "x.npz")
    assert (ran.code, ran.err) == (2, f"tpudb: {tmp_path}/none/x.npz: cannot be written (No such file or directory)\n")


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
