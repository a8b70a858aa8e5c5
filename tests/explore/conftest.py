"""A store with the literal graphs, on each engine in turn, and served by another process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ENGINES, open_empty
from tests.explore.driving import ROOT


@pytest.fixture(autouse=True)
def _at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """Paths of the sample are the repository's; nobody's store is found by accident."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("TPUDB_DB", "/nowhere/store")
    monkeypatch.delenv("NO_COLOR", raising=False)


@pytest.fixture(scope="module", params=(*ENGINES, "served"))
def store(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, literal_files: Path
) -> Iterator[str]:
    """Its address; the cost model has written onto ``diamond``."""
    folder = tmp_path_factory.mktemp("explore")
    with open_empty(request.param, request, folder) as db:
        db.load([literal_files])
        db.predict(["diamond"], write=True)
        uri = str(db.store.location)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("TPUDB_PAYLOAD", str(folder / "payload"))
        yield uri
