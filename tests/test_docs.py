"""What is written for people is true: derived pages are current, README commands give what they show."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import tpugraph_db
from docs import derive
from tests.conftest import write_npz
from tests.models.made import tile_graph
from tpugraph_db.cli import tpudb
from tpugraph_db.cli.run import run
from tpugraph_db.models.submission import Submission, validate

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
TPUGRAPHS = (ROOT / "docs" / "tpugraphs.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
PYTHON = re.compile(r"```python\n(.*?)```", re.DOTALL)


SMALLER = {"train": ["--epochs", "1", "--width", "4", "--depth", "1"], "submit": ["--fill", "sample"]}
"""What a command of docs/tpugraphs.md is given besides, as the whole archive is not at hand, nor the hours."""


def examples(page: str = README) -> list[tuple[str, str]]:
    """(command, what it prints) of a page, in order; a command may go over several lines inside quotes."""
    found = []
    for block in BLOCK.findall(page):
        for example in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            lines = example.splitlines(keepends=True)
            take = next(n for n in range(1, len(lines) + 1) if _whole("".join(lines[:n])))
            found.append(("".join(lines[:take]).strip(), "".join(lines[take:]).rstrip("\n")))
    return found


def _whole(command: str) -> bool:
    try:
        shlex.split(command)
    except ValueError:
        return False
    return True


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, data: Path) -> Iterator[None]:
    """The environment's store, empty, beside folders of real files: the README's starting point."""
    folder = tmp_path_factory.mktemp("readme")
    for name in ("npz", "hlo"):
        (folder / name).symlink_to(data / name)
    (folder / "examples").symlink_to(ROOT / "examples")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("TPUDB_DB", str(folder / "store"))
        environment.chdir(folder)
        yield


FIRST, _, REST = README.partition("## Install")
"""The first screen begins with a store of its own."""


@pytest.mark.parametrize(("page", "fewest"), [(FIRST, 5), (REST, 8)], ids=["first screen", "rest"])
def test_every_command_of_the_readme_gives_what_it_shows(store, capfd, tmp_path, monkeypatch, page, fewest):
    if page == FIRST:
        monkeypatch.setenv("TPUDB_DB", str(tmp_path / "store"))
    ran = 0
    for command, shown in examples(page):
        words = shlex.split(command)
        if words[0] != "tpudb":
            continue
        capfd.readouterr()
        assert run(tpudb, words[1:]) == 0, command
        out, err = capfd.readouterr()
        assert _shape(out + err) == _shape(shown), command
        ran += 1
    assert ran >= fewest


@pytest.fixture
def archive(tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder as docs/tpugraphs.md begins with, its real files but the largest, and two kernels to learn from.

    Of the real kernels the one to train on has a single configuration.
    """
    for path in (data / "npz").rglob("*.npz"):
        if "nlp" not in path.parts:
            place = tmp_path / path.relative_to(data)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.symlink_to(path)
    for split in ("train", "valid"):
        write_npz(tile_graph(f"made_{split}", split).replace(collection="tile:xla"), tmp_path)
    (tmp_path / "eval_indices").symlink_to(data / "reference")
    (tmp_path / "sample_submission.csv").symlink_to(data / "reference" / "sample_submission.csv")
    monkeypatch.setenv("TPUDB_DB", str(tmp_path / "store"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_from_the_archive_to_a_submission(archive, capfd):
    outputs = {}
    for command, _ in examples(TPUGRAPHS):
        words = shlex.split(command)[1:]
        assert run(tpudb, [*words, *SMALLER.get(words[0], [])]) == 0, command
        outputs.setdefault(words[0], []).append(capfd.readouterr())
    assert {verb: len(of) for verb, of in outputs.items()} == {
        **{"load": 1, "train": 2, "eval": 1, "predict": 2, "query": 1, "submit": 1}
    }
    judged = outputs["eval"][0].out
    assert re.search(r"^gcn +layout:xla:default +tau .* 1$", judged, re.MULTILINE)
    assert re.search(r"^gcn +tile:xla +tile_score .* 2$", judged, re.MULTILINE)
    assert re.search(r"^gcn +competition +mean of 2 of 5 collections ", judged, re.MULTILINE)
    ranked = [line.split() for line in outputs["query"][0].out.splitlines()[1:]]
    assert [row[:2] for row in ranked] == [["layout:xla:default", "1"], ["tile:xla", "3"]]
    sample, made = (Submission.read(archive / name) for name in ("sample_submission.csv", "submission.csv"))
    validate(made.rows, sample)
    assert "; 890 rows are the sample's own: " in outputs["submit"][0].err


def test_python_of_the_readme_runs(store):
    blocks = PYTHON.findall(README)
    assert blocks
    for block in blocks:
        exec(compile(block, "README.md", "exec"), {})


def test_other_commands_of_the_readme_are_made_by_the_makefile():
    targets = set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {shlex.split(command)[1] for command, _ in examples() if command.startswith("make ")}
    assert named
    assert named <= targets


@pytest.mark.parametrize("name", derive.PAGES)
def test_derived_pages_are_current(name):
    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == derive.PAGES[name](), "run make docs"


def test_links_lead_somewhere():
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8")):
            assert target.startswith("http") or (page.parent / target).exists(), f"{page.name}: {target}"


def test_version_is_in_the_changelog():
    assert f"## {tpugraph_db.__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_doctests():
    command = [sys.executable, "-m", "pytest", "--doctest-modules", "tpugraph_db"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def _shape(text: str) -> str:
    """Output less what differs from run to run: trailing blanks, seconds, moments."""
    text = re.sub(r"\d+\.\d s\b", "S s", text)
    text = re.sub(r"\d{4}-\d\d-\d\dT[\d:+]+", "NOW", text)
    return "\n".join(line.rstrip() for line in text.strip().splitlines())
