"""The script that measures the examples, on a folder of two small programs."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
PROGRAMS = Path(__file__).parents[1] / "collect" / "programs.py"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("examples")
    for name in ("collection.py", "readme.py"):
        shutil.copy(EXAMPLES / name, folder)
    (folder / "programs").mkdir()
    program = PROGRAMS.read_text().replace(
        'PROGRAMS = {"by-table": small}', 'PROGRAMS = {"good": small, "bad": raises}'
    )
    (folder / "programs" / "odd.py").write_text(f'{program}\nFAMILY = "odd"\n')
    (folder / "programs" / "_layers.py").write_text("")
    (folder / "families.toml").write_text('train = []\ntest = ["odd"]\n')
    return folder


def run(folder, *words):
    words = ("--configs", "4", "--rounds", "2", "--jobs", "1", *words)
    command = [sys.executable, folder / "collection.py", *words]
    return subprocess.run(command, capture_output=True, text=True, env=dict(os.environ))


def test_one_that_is_refused_keeps_no_other_from_being_measured(folder):
    ran = run(folder)
    assert ran.returncode == 1
    assert ran.stdout.startswith("good: 4 configurations, ")
    assert "odd.py:bad: program: expected a program that runs, found ValueError: no weights" in ran.stderr
    output = folder / "data" / "npz" / "layout" / "cpu" / "random" / "test" / "good.npz"
    with np.load(output) as file:
        assert json.loads(bytes(file["collected"]))["program"] == "odd.py:good"
    assert "| good | test |" in (folder / "data" / "README.md").read_text()
    measured = output.read_bytes()
    again = run(folder, "good")
    assert (again.returncode, again.stdout) == (0, "")
    assert output.read_bytes() == measured


def test_a_name_that_is_not_there(folder):
    ran = run(folder, "nonsense")
    assert ran.returncode == 2
    assert "no program is called nonsense; there are good, bad" in ran.stderr
