"""Files, folders and names that nobody should have: refused by a line that says why, or loaded like any other."""

import contextlib
import io
import json
import os
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import pytest

from tests import graphs
from tests.conftest import ENGINES, open_empty, write_npz
from tests.formats.child import as_nobody
from tests.formats.files import save, written
from tpugraph_db import formats
from tpugraph_db.cli import tpudb
from tpugraph_db.cli.run import run

CHAIN, DIAMOND, TWO = graphs.chain(), graphs.diamond(), graphs.two_computations()
CONTENT = written(DIAMOND)
MARK = "zqxj"
"""In every name, and in nothing else."""
NAMES = (
    *('a"b', "a'b", "a`b", "a\nb", "a\tb\r", "$graph", "..zqxj", "a\\b", "{a: 1}", "' OR 1=1", "\x1b[31m"),
    *("naïve-图-\U0001f600", "a\u0301", "\u202eabc", " ", "-", "%s", "${x}", "x" * 200),
)
"""Of files, less the mark and the suffix."""
ARGUMENTS = (*NAMES, "a\0b", "../../etc/passwd", "/", "' OR 1=1 //", "x" * 900)
"""What only an option can say."""
COUNT = "MATCH (n) WHERE NOT n:Store RETURN count(*)"


@pytest.fixture(scope="module", params=ENGINES)
def store(request, tmp_path_factory):
    """A database, on each engine in turn."""
    with open_empty(request.param, request, tmp_path_factory.mktemp("bad")) as db:
        yield db


@pytest.fixture
def db(store):
    store.remove(row["id"] for row in store.graphs().to_dicts())
    return store


def bad_files(folder):
    """A file of each fault, in a folder, and how its refusal begins after the file's name."""
    wrong = {
        "opcode": (DIAMOND, {"node_opcode": np.full(4, 121, np.uint8)}, "node_opcode: expected numbers up to 120"),
        "nan": (DIAMOND, {"node_feat": np.full((4, 140), np.nan, np.float32)}, "node_feat: expected finite values"),
        "inf": (TWO, {"config_feat": np.full((3, 24), np.inf, np.float32)}, "config_feat: expected finite values"),
        "negative": (DIAMOND, {"config_runtime": np.array([1, 2, -3, 4])}, "config_runtime: expected nanoseconds"),
        "zero": (TWO, {"config_runtime_normalizers": np.zeros(3, int)}, "config_runtime_normalizers: expected at"),
        "splits": (DIAMOND, {"node_splits": np.array([[0, 3]])}, "node_splits: expected rising counts"),
        "objects": (DIAMOND, {"node_opcode": np.array([None] * 4)}, "node_opcode: expected uint8"),
        "dtype": (DIAMOND, {"edge_index": np.zeros((1, 2))}, "edge_index: expected int64 or int32 (edges, 2), found f"),
        "rank": (DIAMOND, {"node_feat": np.zeros(140, np.float32)}, "node_feat: expected float32 (ops, 140), found f"),
        "key": (DIAMOND, {"config_runtime": None}, "config_runtime: expected int64 or int32 (configs), found no such"),
    }
    for name, (record, changes, _) in wrong.items():
        save(folder / f"{name}.npz", record, changes)
    (folder / "cut.npz").write_bytes(CONTENT[:-100])
    (folder / "empty.npz").write_bytes(b"")
    (folder / "link.npz").symlink_to("nowhere")
    (folder / "loop.npz").symlink_to("loop.npz")
    os.mkfifo(folder / "pipe.npz")
    declare(folder / "bomb.npz", 2**50)
    return {name: message for name, (_, _, message) in wrong.items()} | {
        "cut": "file: expected a zip archive of .npy arrays (npz), found one that is cut or broken",
        "empty": "file: expected a zip archive of .npy arrays (npz), found something else",
        "link": "No such file or directory",
        "loop": "Too many levels of symbolic links",
        "pipe": "file: expected a file, found a named pipe; send its bytes to '-' (tpudb load - --name NAME)",
        "bomb": "node_feat: expected arrays that take at most 2,147,483,648 bytes of memory",
    }


def declare(path, size):
    """A file whose directory declares that the features take ``size`` bytes."""
    with zipfile.ZipFile(io.BytesIO(CONTENT)) as before, zipfile.ZipFile(path, "w") as after:
        for name in before.namelist():
            after.writestr(name, before.read(name))
        after.NameToInfo["node_feat.npy"].file_size = size


def test_each_bad_file_is_refused_by_a_line_and_the_others_load(cli, empty, stored, tmp_path):
    folder = tmp_path / "files"
    folder.mkdir()
    expected = bad_files(folder)
    for record in (CHAIN, DIAMOND, TWO):
        write_npz(record, folder)
    ran = cli("load", folder, "--format", "json")
    rows = {row["graph"]: row for row in json.loads(ran.out)}
    assert ran.code == 1
    for name, message in expected.items():
        row = rows.pop(f"{folder}/{name}.npz")
        assert (row["status"], row["ops"]) == ("refused", None)
        assert row["reason"].startswith(f"{folder}/{name}.npz: {message}")
        assert "\n" not in row["reason"]
    assert {graph: row["status"] for graph, row in rows.items()} == dict.fromkeys(
        (CHAIN.id, DIAMOND.id, TWO.id), "loaded"
    )
    assert f"{len(expected)} refused" in ran.err
    with stored() as db:
        assert [row["id"] for row in db.graphs().to_dicts()] == sorted((CHAIN.id, DIAMOND.id, TWO.id))
        assert db.query("MATCH (o:Op) RETURN count(*)").rows == [(16,)]
        assert len(list(db.store.payload_folder.iterdir())) == 3


def test_a_bad_file_leaves_nothing_behind(db, tmp_path):
    bad_files(tmp_path)
    outcomes = db.load([tmp_path])
    assert {outcome.status for outcome in outcomes} == {"refused"}
    assert db.query(COUNT).rows == [(0,)]
    assert not list(db.store.payload_folder.glob("*"))


def test_graphs_without_edges_and_without_configurations_load(db, tmp_path):
    bare = graphs.make_record("bare", [("parameter", "f32[]")] * 3, [])
    hidden = DIAMOND.replace(configurations=graphs.layouts([1, 2], [[[0], [1]]] * 2, [0, 0]))
    outcomes = db.load([write_npz(bare, tmp_path), write_npz(hidden, tmp_path)])
    assert [(o.status, o.edges, o.configs) for o in outcomes] == [("loaded", 0, 0), ("loaded", 4, 2)]
    assert db.record(bare.id, verify=True).replace(sha256=bare.sha256) == bare


def test_a_graph_as_json_is_the_same_in_every_byte_order_and_layout(db, tmp_path):
    with np.load(io.BytesIO(CONTENT)) as arrays:
        odd = {key: np.asfortranarray(arrays[key].astype(arrays[key].dtype.newbyteorder(">"))) for key in arrays}
    np.savez(tmp_path / "odd.npz", **odd)
    (outcome,) = db.load([tmp_path / "odd.npz"])
    assert (outcome.status, outcome.reason) == ("loaded", "")
    found = db.record(outcome.graph, verify=True)
    assert found.configurations == DIAMOND.configurations
    assert (found.features.tobytes(), found.edges.tolist()) == (DIAMOND.features.tobytes(), DIAMOND.edges.tolist())


@pytest.mark.parametrize("asked", ["4k", "4096", "0", "1g"])
def test_max_bytes(cli, empty, tmp_path, asked):
    path = write_npz(DIAMOND, tmp_path)
    ran = cli("load", path, "--max-bytes", asked, "--format", "json")
    row = json.loads(ran.out)[0]
    assert (ran.code, row["status"]) == ((1, "refused") if asked == "0" else (0, "loaded"))
    assert cli("info", path, "--max-bytes", asked).code == ran.code


@pytest.mark.parametrize("asked", ["", "-1", "1.5g", "g", "4kb", "٣", "9" * 16, "9" * 5000])
def test_what_is_no_number_of_bytes(cli, empty, tmp_path, asked):
    ran = cli("load", write_npz(DIAMOND, tmp_path), "--max-bytes", asked)
    assert ran.code == 2
    assert "expected a number of bytes, such as 8g" in ran.err


def test_the_default_of_max_bytes_is_the_library_s(cli, empty, tmp_path):
    declare(tmp_path / "bomb.npz", formats.MAX_BYTES)
    assert f"at most {formats.MAX_BYTES:,} bytes" in cli("info", tmp_path / "bomb.npz").err


def test_an_empty_folder_beside_others_is_said_and_they_load(cli, empty, tmp_path):
    path = write_npz(DIAMOND, tmp_path)
    (tmp_path / "nothing").mkdir()
    ran = cli("load", tmp_path / "nothing", path, "--format", "json")
    assert (ran.code, [row["status"] for row in json.loads(ran.out)]) == (1, ["loaded"])
    known = "npz (.npz), HLO text (.hlo, .txt), protobuf (.hlo.pb, .pb)"
    expected = f"nothing: folder: expected files to read: {known}, found none; name a file, or another folder"
    assert expected in ran.err


@pytest.fixture
def reachable():
    """A folder that any user can reach, unlike those of pytest."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        yield Path(folder)


def test_files_and_folders_without_permission(cli, reachable):
    """As a user who is not root. Nothing is written, so that no store is needed."""
    words = ["--dry-run", "--db", "no-store", "--format", "json"]
    # what is imported now need not be readable to the child, nor pass the import hook of a JVM that it does not have
    assert cli("load", write_npz(DIAMOND, reachable), *words).code == 0
    (reachable / "closed.npz").write_bytes(CONTENT)
    (reachable / "closed.npz").chmod(0)
    (reachable / "shut").mkdir(mode=0)

    def load():
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run(tpudb, ["load", ".", *words])
        return code, out.getvalue(), err.getvalue()

    code, out, err = as_nobody(reachable, load)
    (reachable / "shut").chmod(0o755)
    assert out, err
    found = {(row["status"], row["graph"], row["reason"]) for row in json.loads(out)}
    assert (code, "2 refused, 1 loaded" in err) == (1, True)
    assert found == {
        ("refused", "closed.npz", "closed.npz: Permission denied"),
        ("refused", "shut", "shut: Permission denied"),
        ("loaded", DIAMOND.id, ""),
    }


def texts_of(monkeypatch, store):
    """Every text of Cypher that reaches the store."""
    texts = []
    read, write = type(store).read, type(store).write

    def reading(self, text, *arguments):
        texts.append(text)
        return read(self, text, *arguments)

    def writing(self, statements, *arguments, **options):
        texts.extend(text for text, _ in statements)
        return write(self, statements, *arguments, **options)

    monkeypatch.setattr(type(store), "read", reading)
    monkeypatch.setattr(type(store), "write", writing)
    return texts


def round_trip(db, graph):
    """A graph by its id: found, described, counted, taken off again."""
    assert db.find(graph) == graph
    assert db.record(graph, verify=True).id == graph
    assert db.query("MATCH (o:Op {graph: $id}) RETURN count(*)", {"id": graph}).rows == [(4,)]
    assert db.run("hubs", graph=graph).columns
    assert db.remove([graph]) == [graph]


def test_a_file_of_any_name_goes_in_and_out(db, tmp_path, monkeypatch):
    folder = tmp_path / "npz" / "layout" / "test" / "random" / "train"
    folder.mkdir(parents=True)
    names = {f"{name}{MARK}" for name in NAMES}
    for name in names:
        (folder / f"{name}.npz").write_bytes(CONTENT)
    texts = texts_of(monkeypatch, db.store)
    outcomes = db.load([tmp_path])
    assert {(o.status, o.graph) for o in outcomes} == {("loaded", f"layout:test:random/train/{n}") for n in names}
    assert {row["name"] for row in db.graphs().to_dicts()} == names
    for outcome in outcomes:
        round_trip(db, outcome.graph)
    assert db.query(COUNT).rows == [(0,)]
    assert texts
    assert not [text for text in texts if MARK in text]
    assert not list(db.store.payload_folder.glob("*"))


@pytest.mark.parametrize("option", ["name", "collection", "split"])
def test_an_option_of_any_text_goes_in_and_out(db, tmp_path, monkeypatch, option):
    path = write_npz(DIAMOND, tmp_path)
    before = set(tmp_path.rglob("*"))
    texts = texts_of(monkeypatch, db.store)
    for value in ARGUMENTS if option == "name" else ARGUMENTS[::5]:
        (outcome,) = db.load([path], **{option: f"{value}{MARK}"})
        assert (outcome.status, outcome.reason) == ("loaded", "")
        assert getattr(db.record(outcome.graph), option) == f"{value}{MARK}"
        assert all(len(file.name) == len("0" * 64 + ".safetensors") for file in db.store.payload_folder.iterdir())
        round_trip(db, outcome.graph)
    assert not [text for text in texts if MARK in text]
    assert set(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("option", ["name", "collection", "split"])
@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("a\udcff", "expected text in UTF-8, found 'a\\udcff'; --{option} gives another"),
        ("x" * 4096, "expected an id of at most 1,000 bytes, found "),
    ],
    ids=["undecodable", "4 KB"],
)
def test_an_option_that_no_store_keeps_is_refused(cli, empty, stored, tmp_path, option, value, reason):
    path = write_npz(DIAMOND, tmp_path)
    ran = cli("load", path, f"--{option}", value, "--format", "json")
    row = json.loads(ran.out)[0]
    assert (ran.code, row["status"]) == (1, "refused")
    assert row["reason"].startswith(f"{path}: {option}: {reason.format(option=option)}")
    with stored() as db:
        assert db.query(COUNT).rows == [(0,)]


def test_a_file_whose_name_is_no_text_loads_under_another(cli, empty, tmp_path):
    path = tmp_path / os.fsdecode(b"a\xff\n.npz")
    path.write_bytes(CONTENT)
    other = write_npz(CHAIN, tmp_path)
    for format_ in ("table", "json", "csv"):
        ran = cli("load", path, other, "--format", format_, "--db", tmp_path / format_)
        assert (ran.code, ran.err.count("1 refused, 1 loaded")) == (1, 1)
        assert "name: expected text in UTF-8" in ran.out
    assert cli("load", path, "--name", "x").code == 0
    assert cli("info", path).code == 1
    assert cli("info", path, "--name", "x").code == 0


@pytest.mark.parametrize("name", ["a\nb`\"'$graph", "naïve-图-\U0001f600\x1b[31m", "x" * 900], ids=ascii)
def test_the_commands_take_any_id(cli, empty, tmp_path, name):
    graph = f"layout:test:default/valid/{name}"
    assert cli("load", write_npz(DIAMOND, tmp_path), "--name", name).code == 0
    assert [row["id"] for row in json.loads(cli("ls", "--format", "json").out)] == [graph]
    facts = {row["property"]: row["value"] for row in json.loads(cli("info", graph, "--format", "json").out)}
    assert (facts["id"], facts["name"]) == (graph, name)
    for words in (("ls",), ("info", graph), ("rm", graph)):
        ran = cli(*words)
        assert (ran.code, "\x1b" in ran.out + ran.err) == (0, False)
    assert json.loads(cli("ls", "--format", "json").out) == []
