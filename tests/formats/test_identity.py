from pathlib import Path

import pytest

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
    ],
)
def test_a_name_is_the_file_s_less_npz(path, name):
    assert said(path).name == name


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
