"""A file for each store, private."""

from types import SimpleNamespace

from tpugraph_db.shell.history import history_file


def test_a_store_has_its_own_private_file(home):
    one = history_file(SimpleNamespace(store_id="abc", location="x"))
    assert one == home / "state" / "tpugraph-db" / "shell" / "abc.history"
    assert one.stat().st_mode & 0o777 == 0o600
    assert one.parent.stat().st_mode & 0o777 == 0o700
    one.write_text("kept")
    one.chmod(0o644)
    assert history_file(SimpleNamespace(store_id="abc", location="y")).read_text() == "kept"
    assert one.stat().st_mode & 0o777 == 0o600


def test_an_empty_store_is_known_by_its_place(home, monkeypatch):
    monkeypatch.chdir(home)
    here, there = SimpleNamespace(location="store"), SimpleNamespace(location="bolt://host")
    assert history_file(here) == history_file(SimpleNamespace(location=str(home / "store")))
    assert history_file(here) != history_file(there)
    assert "/" not in history_file(there).stem
