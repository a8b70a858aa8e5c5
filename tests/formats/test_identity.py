from pathlib import Path

import pytest

from tpugraph_db.errors import DataError
from tpugraph_db.formats.identity import Identity, identify

PATHS = {
    "npz/layout/xla/random/valid/x.npz": ("layout:xla:random", "valid"),
    "/data/npz/layout/nlp/default/train/x.npz": ("layout:nlp:default", "train"),
    "npz/tile/xla/test/x.npz": ("tile:xla", "test"),
    "x.npz": (None, "none"),
    "npz/x.npz": (None, "none"),
    "npz/layout/xla/random/x.npz": (None, "none"),
    "npz/layout/xla/random/valid/more/x.npz": (None, "none"),
    "layout/xla/random/valid/x.npz": (None, "none"),
    "tile/xla/test/x.npz": (None, "none"),
    "npz/other/xla/test/x.npz": (None, "none"),
}


def said(path, collection=None, split=None, name=None):
    return identify(Path(path), collection=collection, split=split, name=name)


@pytest.mark.parametrize(("path", "expected"), PATHS.items())
def test_folders_say_collection_and_split(path, expected):
    identity = said(path)
    assert (identity.collection, identity.split) == expected


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("x.npz", "x"),
        ("unet_3d.4x4.bf16.npz", "unet_3d.4x4.bf16"),
        ("x.npz.npz", "x.npz"),
        ("x", "x"),
        ("x.bin", "x.bin"),
        ("llama.hlo", "llama"),
        ("llama.hlo.pb", "llama"),
        ("llama.hlo.txt.gz", "llama"),
        ("tuned.pb.gz", "tuned"),
    ],
)
def test_a_name_is_the_file_s_less_its_suffix(path, name):
    assert said(path).name == name


def test_an_xla_dump_says_the_stage():
    assert said("m.cpu_after_optimizations.txt") == Identity(
        None, "none", "m.after_optimizations", stage="after_optimizations"
    )


def test_a_name_that_is_given_keeps_the_stage():
    assert said("m.before_optimizations.txt", name="x") == Identity(None, "none", "x", stage="before_optimizations")


def test_arguments_override_the_folders():
    expected = Identity("layout:mine", "valid", "y")
    assert said("npz/tile/xla/test/x.npz", collection="layout:mine", split="valid", name="y") == expected


def test_one_argument_leaves_the_rest_to_the_folders():
    assert said("npz/tile/xla/test/x.npz", split="valid") == Identity("tile:xla", "valid", "x")


def test_a_relative_path_is_read_from_the_folder_it_stands_in(tmp_path, monkeypatch):
    folder = tmp_path / "npz" / "tile" / "xla" / "train"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    assert said("x.npz") == Identity("tile:xla", "train", "x")


@pytest.mark.parametrize(
    ("key", "value"), [("collection", "a\udcff"), ("split", "a\ud800"), ("name", "a\udcff"), ("name", "")]
)
def test_what_is_no_text_is_refused_and_what_gives_another_is_named(key, value):
    parts = {"collection": "layout:mine", "split": "none", "name": "x"} | {key: value}
    with pytest.raises(DataError) as error:
        Identity(**parts).check("here")
    assert str(error.value) == f"here: {key}: expected text in UTF-8, found {value!a}; --{key} gives another"


@pytest.mark.parametrize("key", ["collection", "split", "name"])
@pytest.mark.parametrize(("letter", "count", "size"), [("x", 4096, 4096), ("图", 400, 1200)])
def test_an_id_that_the_engines_do_not_index_is_refused(key, letter, count, size):
    parts = {"collection": "c", "split": "s", "name": "n"} | {key: letter * count}
    with pytest.raises(DataError) as error:
        Identity(**parts).check("here")
    found = f"expected an id of at most 1,000 bytes, found {size + 4:,} bytes"
    assert str(error.value) == f"here: {key}: {found}; --{key} gives another"


@pytest.mark.parametrize("name", ["n" * 996, "图" * 332, "a\"'`\n\0$..//\\", " ", "\u202e", "\U0001f600"])
def test_any_text_is_a_name(name):
    Identity("c", "s", name).check("here")


def test_a_collection_that_the_format_decides_is_none():
    Identity(None, "none", "x").check("here")
