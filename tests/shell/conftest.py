"""Everything that the shell keeps for a user goes into folders of the test."""

import platformdirs
import pytest

from tests.conftest import ENGINES, open_empty
from tpugraph_db.shell.commands import perform
from tpugraph_db.shell.language import split
from tpugraph_db.shell.session import Session


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """The user's folders."""
    for kind in ("data", "state"):
        monkeypatch.setattr(platformdirs, f"user_{kind}_path", lambda name, kind=kind: tmp_path / kind / name)
    return tmp_path


@pytest.fixture(scope="module", params=(*ENGINES, "served"))
def db(request, tmp_path_factory, literal_files):
    """The literal graphs, on each engine in turn."""
    with open_empty(request.param, request, tmp_path_factory.mktemp("shell")) as database:
        database.load([literal_files])
        yield database


@pytest.fixture
def session(db):
    return Session(db)


@pytest.fixture
def ask(session):
    """Run a text as the prompt would; the answer to the last action in it."""

    def run(text, session=session):
        actions, rest = split(text)
        assert not rest
        for action in actions:
            answer = perform(session, action)
            session.kept = answer.kept or session.kept
        return answer

    return run
