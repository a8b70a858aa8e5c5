"""The command line, run in this process: exit code, stdout, stderr."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import tpugraph_db
from tests import graphs
from tests.conftest import ENGINES, open_empty
from tpugraph_db.cli import tpudb
from tpugraph_db.cli.run import run


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


Cli = Callable[..., Ran]


@pytest.fixture
def cli(capfd: pytest.CaptureFixture[str]) -> Cli:
    """Call it with the words of a command line."""

    def call(*words: object) -> Ran:
        capfd.readouterr()
        code = run(tpudb, [str(word) for word in words])
        captured = capfd.readouterr()
        return Ran(code, captured.out, captured.err)

    return call


@pytest.fixture(scope="module", params=ENGINES)
def loaded(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, literal_files: Path
) -> Iterator[None]:
    """The store that the environment names, on each engine in turn, with the literal graphs in it."""
    folder = tmp_path_factory.mktemp("cli")
    with open_empty(request.param, request, folder) as db:
        db.load([literal_files])
        uri = db.store.location
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("TPUDB_DB", str(uri))
        environment.setenv("TPUDB_PAYLOAD", str(folder / "payload"))
        yield


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The environment names an embedded store that is not there yet."""
    monkeypatch.setenv("TPUDB_DB", str(tmp_path / "store"))
    monkeypatch.delenv("NEO4J_URI", raising=False)
    return tmp_path / "store"


@pytest.fixture
def hlo_file(tmp_path: Path) -> Path:
    """The literal program as text."""
    path = tmp_path / "loss.hlo"
    path.write_text(graphs.LOWERED_TEXT)
    return path


@pytest.fixture
def stored(empty: Path) -> Callable[[], tpugraph_db.Database]:
    """Open that store again, to see what a command has left in it."""
    return lambda: tpugraph_db.open(empty, create=False)
