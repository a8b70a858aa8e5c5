"""Databases that these tests share, each engine in turn, filled once a module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests import graphs
from tests.conftest import ENGINES, open_empty, write_npz
from tests.patterns.programs import EXAMPLES, ONCE, TWICE
from tpugraph_db.database import Database


@pytest.fixture(scope="module", params=ENGINES)
def library(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """For each pattern of the library the graph that has it and the one that nearly does."""
    folder = tmp_path_factory.mktemp("library")
    for name, (has, nearly) in EXAMPLES.items():
        write_npz(has.record(f"{name}-has"), folder)
        write_npz(nearly.record(f"{name}-nearly"), folder)
    (folder / "duplicated_constants-has.hlo").write_text(TWICE)
    (folder / "duplicated_constants-nearly.hlo").write_text(ONCE)
    with open_empty(request.param, request, folder) as database:
        database.load([folder])
        yield database


@pytest.fixture(scope="module", params=ENGINES)
def literal(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The literal graphs and the literal program."""
    folder = tmp_path_factory.mktemp("literal")
    for record in (graphs.chain(), graphs.diamond(), graphs.two_computations()):
        write_npz(record, folder)
    (folder / "lowered.hlo").write_text(graphs.LOWERED_TEXT)
    with open_empty(request.param, request, folder) as database:
        database.load([folder])
        yield database
