import gzip
import hashlib
import io
import os
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

import tpugraph_db
from tests import graphs, real
from tests.conftest import write_npz
from tests.formats.child import as_nobody
from tests.formats.files import written
from tpugraph_db import formats
from tpugraph_db.errors import DataError, UsageError
from tpugraph_db.formats import Reader, files, read, read_all


def named(name, suffixes, magic):
    """A format that turns a file into the words of how it was read."""
    return Reader(name, suffixes, lambda head: head.startswith(magic), lambda *_: [name])


def test_read_is_a_verb_of_the_package(literal_files):
    path = literal_files / "npz" / "tile" / "test" / "train" / "two.npz"
    record = graphs.two_computations().replace(sha256=hashlib.sha256(path.read_bytes()).hexdigest())
    assert tpugraph_db.read(path) == record


def test_a_path_may_be_text(literal_files):
    path = literal_files / "npz" / "layout" / "test" / "default" / "train" / "chain.npz"
    assert read(str(path)) == read(path)


def test_the_path_says_collection_split_and_name(tmp_path):
    assert read(write_npz(graphs.diamond(), tmp_path)).id == "layout:test:default/valid/diamond"


def test_arguments_override_the_path(tmp_path):
    path = write_npz(graphs.diamond(), tmp_path)
    assert read(path, collection="layout:mine", split="test", name="x").id == "layout:mine/test/x"


@pytest.mark.parametrize(
    ("record", "collection"), [(graphs.diamond(), "layout:local"), (graphs.two_computations(), "tile:local")]
)
def test_a_path_that_says_nothing_is_local(tmp_path, record, collection):
    path = tmp_path / "a.b.npz"
    path.write_bytes(written(record))
    assert read(path).id == f"{collection}/none/a.b"


@pytest.mark.parametrize("name", real.FILES)
def test_a_real_path_says_its_id(data, name):
    *folders, file = real.FILES[name].split("/")
    assert real.record(data, name).id == f"{':'.join(folders[:-1])}/{folders[-1]}/{file.removesuffix('.npz')}"


def test_sha256_is_of_the_file_s_bytes(data):
    content = real.path(data, "tile 2 ops").read_bytes()
    assert real.record(data, "tile 2 ops").sha256 == hashlib.sha256(content).hexdigest()


def test_a_file_without_a_suffix_is_known_by_its_content(tmp_path):
    (tmp_path / "diamond").write_bytes(written(graphs.diamond()))
    assert read(tmp_path / "diamond").id == "layout:local/none/diamond"


def test_a_file_of_no_known_format_is_refused(tmp_path):
    (tmp_path / "x.txt").write_text("HloModule")
    with pytest.raises(DataError) as error:
        read(tmp_path / "x.txt")
    known = "npz (.npz), HLO text (.hlo, .txt), protobuf (.hlo.pb, .pb)"
    assert str(error.value) == f"{tmp_path}/x.txt: format: expected {known}, found b'HloModul'..."


def test_the_suffix_comes_before_the_content(tmp_path, monkeypatch):
    monkeypatch.setattr(formats, "READERS", (named("one", (".one",), b"PK"), named("two", (".two",), b"PK")))
    (tmp_path / "x.two").write_bytes(b"PK")
    assert read(tmp_path / "x.two") == "two"


def test_the_content_comes_before_a_suffix_that_says_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(formats, "READERS", (named("one", (".one",), b"1"), named("two", (".two",), b"2")))
    (tmp_path / "x.bin").write_bytes(b"2")
    assert read(tmp_path / "x.bin") == "two"


def test_a_file_of_several_graphs_is_not_one(tmp_path, monkeypatch):
    several = Reader("several", (".s",), lambda head: False, lambda *_: [graphs.chain(), graphs.diamond()])
    monkeypatch.setattr(formats, "READERS", (several,))
    (tmp_path / "x.s").touch()
    with pytest.raises(DataError) as error:
        read(tmp_path / "x.s")
    assert str(error.value) == (
        f"{tmp_path}/x.s: file: expected one graph, found 2 graphs; tpugraph_db.read_all gives them all"
    )
    assert list(tpugraph_db.read_all(tmp_path / "x.s")) == [graphs.chain(), graphs.diamond()]


def test_read_all_of_a_file_of_one(literal_files):
    path = next(literal_files.rglob("two.npz"))
    assert list(read_all(path)) == [read(path)]


def test_what_a_file_takes_is_bounded_before_it_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(formats, "READERS", (replace(named("one", (".one",), b"1"), growth=20),))
    (tmp_path / "x.one").write_bytes(b"1" * 50)
    assert read(tmp_path / "x.one", max_bytes=1_000) == "one"
    with pytest.raises(DataError) as error:
        read(tmp_path / "x.one", max_bytes=999)
    cure = "--max-bytes (max_bytes in Python) raises the limit"
    assert str(error.value) == f"{tmp_path}/x.one: file: expected at most 49 bytes, found more; {cure}"


def test_a_dash_reads_standard_input():
    content = written(graphs.diamond())
    record = read("-", name="d", stdin=io.BytesIO(content))
    assert record.id == "layout:local/none/d"
    assert record.sha256 == hashlib.sha256(content).hexdigest()
    assert record.features.tobytes() == graphs.diamond().features.tobytes()


def test_a_dash_reads_the_process_s_standard_input(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(written(graphs.chain()))))
    assert read("-", name="c", collection="layout:mine", split="train").id == "layout:mine/train/c"


def test_a_dash_without_a_name_is_refused():
    with pytest.raises(UsageError, match="--name NAME"):
        read("-", stdin=io.BytesIO(written(graphs.chain())))


def test_standard_input_says_nothing_of_the_folder_it_is_read_in(tmp_path, monkeypatch):
    folder = tmp_path / "npz" / "tile" / "xla" / "train"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    assert read("-", name="x", stdin=io.BytesIO(written(graphs.diamond()))).id == "layout:local/none/x"


def test_bad_standard_input_is_named_by_its_dash():
    with pytest.raises(DataError, match=r"^-: format: expected npz .*, found b'text'"):
        read("-", name="x", stdin=io.BytesIO(b"text"))


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(FileNotFoundError):
        read(tmp_path / "gone.npz")


def test_an_empty_zip_is_sniffed_as_npz(tmp_path):
    with zipfile.ZipFile(tmp_path / "empty", "w"):
        pass
    with pytest.raises(DataError, match=r"node_feat: expected .* found no such key among nothing"):
        read(tmp_path / "empty")


def test_folders_are_walked_recursively_and_sorted(tmp_path):
    for name in ("b.npz", "a/z.npz", "a/y.txt", "a/c/x.npz", "c"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "folder.npz").mkdir()
    found = [path.relative_to(tmp_path).as_posix() for path in files([tmp_path])]
    assert found == ["a/c/x.npz", "a/z.npz", "b.npz"]


def test_a_walk_looks_into_files_whose_suffix_says_little(tmp_path):
    (tmp_path / "notes.txt").write_text("HloModules are nice")
    (tmp_path / "a.txt").write_text("// by hand\n\nHloModule a\n")
    (tmp_path / "b.txt.gz").write_bytes(gzip.compress(b"HloModule b\n"))
    (tmp_path / "c.txt.gz").write_bytes(gzip.compress(b"nothing"))
    (tmp_path / "d.hlo").write_text("whatever")
    (tmp_path / "e.pb").write_bytes(b"\n\x01x")
    (tmp_path / "saved_model.pb").write_bytes(b"\x08\x01")
    (tmp_path / "empty.txt").touch()
    (tmp_path / "x.npz.gz").touch()
    os.mkfifo(tmp_path / "pipe.txt")
    found = [path.name for path in files([tmp_path])]
    assert found == ["a.txt", "b.txt.gz", "d.hlo", "e.pb", "x.npz.gz"]


def test_a_walk_passes_over_what_leads_nowhere(tmp_path):
    (tmp_path / "gone.txt").symlink_to("nowhere")
    assert list(files([tmp_path])) == []


def test_what_a_walk_may_not_look_into_is_left_to_its_reading(tmp_path):
    (tmp_path / "secret.txt").touch(0)
    assert as_nobody(tmp_path, lambda: list(files([Path()]))) == [Path("secret.txt")]


def test_a_file_that_is_named_is_read_whatever_its_suffix(tmp_path):
    assert list(files([tmp_path / "x.txt", tmp_path / "gone"])) == [tmp_path / "x.txt", tmp_path / "gone"]


def test_paths_keep_their_order(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x.npz").touch()
    assert list(files([tmp_path / "z.npz", tmp_path / "a"])) == [tmp_path / "z.npz", tmp_path / "a" / "x.npz"]


def test_a_message_is_one_line_whatever_the_file_is_called(tmp_path):
    path = tmp_path / "a\nb\x1b[31m\udcff.npz"
    path.write_bytes(b"not a zip")
    with pytest.raises(DataError) as error:
        read(path, name="x")
    assert str(error.value).startswith(rf"{tmp_path}/a\nb\x1b[31m\udcff.npz: file: expected a zip archive")
    assert str(error.value).isprintable()
