import json

import pytest

from tests import graphs
from tests.conftest import write_npz


def rows(ran):
    return [(row["status"], row["graph"]) for row in json.loads(ran.out)]


def test_load_reports_each_graph(cli, empty, literal_files):
    ran = cli("load", literal_files, "--format", "json")
    assert ran.code == 0
    assert rows(ran) == [
        ("loaded", "layout:test:default/train/chain"),
        ("loaded", "layout:test:default/valid/diamond"),
        ("loaded", "tile:test/train/two"),
    ]
    assert "3 loaded" in ran.err


def test_the_same_files_again_are_skipped(cli, empty, literal_files):
    cli("load", literal_files)
    ran = cli("load", literal_files, "--format", "json")
    assert ran.code == 0
    assert {status for status, _ in rows(ran)} == {"skipped"}


def test_one_bad_file_does_not_stop_the_others(cli, empty, tmp_path, literal_files):
    bad = tmp_path / "bad.npz"
    bad.write_bytes(b"not a zip")
    ran = cli("load", bad, literal_files, "--format", "json")
    assert ran.code == 1
    assert [status for status, _ in rows(ran)] == ["refused", "loaded", "loaded", "loaded"]
    assert "bad.npz: file: expected a zip archive" in json.loads(ran.out)[0]["reason"]


def test_a_changed_file_needs_replace(cli, empty, tmp_path, stored):
    path = write_npz(graphs.chain(), tmp_path)
    cli("load", path)
    write_npz(graphs.chain().replace(edges=graphs.chain().edges[:2]), tmp_path)
    refused = cli("load", path, "--format", "json")
    assert (refused.code, rows(refused)[0][0]) == (1, "refused")
    assert "--replace" in json.loads(refused.out)[0]["reason"]
    assert rows(cli("load", path, "--replace", "--format", "json"))[0][0] == "replaced"
    with stored() as db:
        assert db.query("MATCH (:Op)-[f:FEEDS]->(:Op) RETURN count(f)").rows == [(2,)]


@pytest.mark.parametrize(("asked", "nodes"), [("all", 4), ("none", 0), ("2", 2), ("100", 4)])
def test_configs(cli, empty, tmp_path, stored, asked, nodes):
    ran = cli("load", write_npz(graphs.diamond(), tmp_path), "--configs", asked)
    assert ran.code == 0
    assert ("configurations are nodes" in ran.err) == (nodes < 4)
    with stored() as db:
        assert db.query("MATCH (c:Config)-[:OF]->(:Graph) RETURN count(c)").rows == [(nodes,)]


def test_options_override_the_path(cli, empty, tmp_path):
    path = write_npz(graphs.chain(), tmp_path)
    words = ("--collection", "layout:mine:random", "--split", "test", "--name", "a.b")
    assert rows(cli("load", path, *words, "--format", "json")) == [("loaded", "layout:mine:random/test/a.b")]


def test_stdin(cli, empty, tmp_path, monkeypatch):
    with open(write_npz(graphs.chain(), tmp_path), "rb") as file:
        monkeypatch.setattr("sys.stdin", type("Stdin", (), {"buffer": file}))
        assert rows(cli("load", "-", "--name", "piped", "--format", "json")) == [("loaded", "layout:local/none/piped")]


def test_stdin_needs_a_name(cli, empty):
    ran = cli("load", "-")
    assert ran.code == 2
    assert "--name" in ran.err


def test_dry_run_writes_nothing(cli, empty, literal_files, stored):
    ran = cli("load", literal_files, "--dry-run", "--format", "json")
    assert (ran.code, len(rows(ran))) == (0, 3)
    assert "nothing written" in ran.err
    assert not empty.exists()


def test_a_folder_without_files(cli, empty, tmp_path):
    (tmp_path / "nothing").mkdir()
    ran = cli("load", tmp_path / "nothing")
    assert ran.code == 1
    assert "expected files to read: npz (.npz), HLO text" in ran.err


def test_a_path_that_is_not_there(cli, empty, tmp_path):
    ran = cli("load", tmp_path / "gone.npz", "--format", "json")
    assert ran.code == 1
    assert "No such file" in json.loads(ran.out)[0]["reason"]


def test_what_is_not_known_is_said_once_for_all_files(cli, empty, tmp_path):
    for name in ("a", "b"):
        text = graphs.LOWERED_TEXT.replace("kind=kLoop", "kind=kLoop, novelty={1}, frill=2")
        (tmp_path / f"{name}.hlo").write_text(text)
    (tmp_path / "c.hlo").write_text(graphs.LOWERED_TEXT)
    ran = cli("load", tmp_path)
    assert ran.code == 0
    assert [line for line in ran.err.splitlines() if "unknown" in line] == [
        "unknown to this program, kept as text: novelty (2), frill (2)"
    ]


def test_a_program_shows_its_counts(cli, empty, hlo_file):
    ran = cli("load", hlo_file, "--format", "json", "--dry-run")
    (row,) = json.loads(ran.out)
    assert [row[name] for name in ("status", "graph", "ops", "edges", "configs")] == [
        "loaded",
        "hlo:local/none/loss",
        11,
        11,
        0,
    ]
