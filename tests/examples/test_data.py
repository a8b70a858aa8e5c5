"""The collection that ships: it is whole, small, split by family, and what its page says."""

import json
import tomllib
from pathlib import Path

import numpy as np
import pytest

from examples import readme
from tpugraph_db.formats import read

EXAMPLES = Path(__file__).parents[2] / "examples"
FILES = sorted((EXAMPLES / "data").rglob("*.npz"))
MOST_BYTES = 10 << 20


def facts(path):
    with np.load(path) as file:
        return json.loads(bytes(file["collected"]))


def test_there_are_enough_programs():
    assert len(FILES) >= 40


def test_they_are_small():
    assert sum(path.stat().st_size for path in FILES) <= MOST_BYTES


def test_no_family_is_in_two_splits():
    with open(EXAMPLES / "families.toml", "rb") as file:
        split_of = {family: split for split, families in tomllib.load(file).items() for family in families}
    assert {path: path.parent.name for path in FILES} == {
        path: split_of[facts(path)["program"].partition(".")[0]] for path in FILES
    }
    assert {path.parent.name for path in FILES} == {"train", "valid", "test"}


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_a_program_is_read_with_names_and_both_runs(path):
    record = read(path)
    configs = record.configurations
    assert record.collection == "layout:cpu:random"
    assert record.split == path.parent.name
    assert record.program is not None
    assert 150 <= len(configs) <= 200
    assert configs.is_default.sum() == 1
    assert configs.measured.all()
    assert len(record.configurable_ops) >= 8
    assert configs.repeat_tau >= 0.8
    assert np.log(configs.runtime_ns).std() >= 0.03


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_a_file_says_nothing_of_whose_machine_it_was(path):
    with np.load(path) as file:
        text = bytes(file["hlo_text"]) + bytes(file["collected"])
    assert str(Path.home()).encode() not in text
    assert b"/tmp" not in text
    assert b"site-packages" not in text


def test_the_page_is_what_the_files_say(monkeypatch):
    page = EXAMPLES / "data" / "README.md"
    said, written = page.read_text(), {}
    monkeypatch.setattr(Path, "write_text", lambda path, text: written.update({path: text}))
    readme.write_readme(EXAMPLES / "data")
    assert written == {page: said}
