"""Everything that the shell keeps for a user goes into folders of the test."""

import platformdirs
import pytest


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """The user's folders."""
    for kind in ("data", "state"):
        monkeypatch.setattr(platformdirs, f"user_{kind}_path", lambda name, kind=kind: tmp_path / kind / name)
    return tmp_path
