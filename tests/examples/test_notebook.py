"""examples/explore.ipynb runs in this environment, and its outputs are those that are kept in it."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[2]
FILE = ROOT / "examples" / "explore.ipynb"
KEPT = nbformat.read(FILE, as_version=4)
VERBS = ("load", "query", "record", "match", "hot", "blocks", "path", "stats", "draw", "configs", "sensitivity", "why")


def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


@pytest.fixture
def ran(tmp_path, monkeypatch):
    """The notebook after a run with this interpreter and checkout, which leaves nothing in the user's home."""
    for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    notebook = nbformat.from_dict({**KEPT, "cells": [{**cell} for cell in KEPT.cells]})
    for cell in code(notebook):
        cell.outputs = []
    resources = {"metadata": {"path": str(FILE.parent)}}
    NotebookClient(notebook, timeout=300, kernel_name="python3", resources=resources).execute()
    assert not list(tmp_path.glob("tmp*")), "the notebook's store is gone"
    return notebook


def test_it_gives_what_it_shows(ran):
    for kept, now in zip(code(KEPT), code(ran), strict=True):
        assert [out.output_type for out in now.outputs] == [out.output_type for out in kept.outputs], kept.source
        assert [out.data for out in now.outputs] == [out.data for out in kept.outputs], kept.source


def test_it_asks_every_question_and_keeps_the_answers_small():
    cells = code(KEPT)
    for verb in VERBS:
        assert any(f"db.{verb}(" in cell.source and cell.outputs for cell in cells), verb
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    assert all(out.output_type == "execute_result" for cell in cells for out in cell.outputs)
    assert FILE.stat().st_size < 100_000
