"""The archive of Java's classes: made in the background, used from then on, never in the way."""

import os
import time

import pytest

from tests.stores.test_arcadedb import python
from tpugraph_db.stores import jvm, jvm_archive

PREPARE = "from tpugraph_db.stores import jvm_archive; jvm_archive.prepare()"
QUERY = """
import sys, tpugraph_db
from tpugraph_db.stores import jvm
jvm.start(f"-Xlog:class+load:file={sys.argv[2]}")
with tpugraph_db.open(sys.argv[1]) as db:
    print(db.query("UNWIND [1, 2] AS x RETURN sum(x) AS s").rows)
"""


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    """What a first load leaves: a background process makes it."""
    cache = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("XDG_CACHE_HOME", str(cache))
        done = python(PREPARE, cwd=cache)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        archive = jvm.archive()
        for _ in range(1200):
            if archive.exists() and not any(path.is_dir() for path in archive.parent.iterdir()):
                break  # it is there, and the folder it was made in is gone
            time.sleep(0.1)
        yield archive


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"


def shared_classes(folder):
    """How many classes a process took from an archive; it must have answered, and said no more."""
    log = folder / "classes.log"
    done = python(QUERY, folder / "store", log, cwd=folder)
    assert (done.returncode, done.stdout, done.stderr) == (0, "[(3,)]\n", "")
    return log.read_text().count("source: shared objects file")


def test_it_is_made_once_and_alone(archive, tmp_path):
    assert archive.stat().st_size < 64_000_000
    assert archive.parent.stat().st_mode & 0o077 == 0
    tried = archive.with_suffix(".tried").stat().st_mtime_ns
    jvm_archive.prepare()
    assert archive.with_suffix(".tried").stat().st_mtime_ns == tried
    assert sorted(archive.parent.iterdir()) == [archive, archive.with_suffix(".tried")]


def test_classes_come_from_it(archive, tmp_path):
    assert shared_classes(tmp_path) > 2000


def test_without_it_no_class_does(cache, tmp_path):
    assert shared_classes(tmp_path) == 0


@pytest.mark.parametrize("damage", ["header", "page", "tail", "other"])
def test_a_damaged_one_is_passed_over(archive, damage, cache, tmp_path):
    whole = archive.read_bytes()
    middle = len(whole) // 2
    damaged = {
        "header": whole[:99] + bytes([whole[99] ^ 1]) + whole[100:],
        "page": whole[:middle] + bytes(4096) + whole[middle + 4096 :],
        "tail": whole[:middle],
        "other": b"no archive",
    }
    jvm.archive().parent.mkdir(parents=True)
    jvm.archive().write_bytes(damaged[damage])
    assert shared_classes(tmp_path) == 0


def test_it_is_tried_once_a_day(cache, monkeypatch):
    started = []
    monkeypatch.setattr(jvm_archive, "_in_background", started.append)
    for age in (0, 0, 0.9, 1.1):
        tried = jvm.archive().with_suffix(".tried")
        if tried.exists():
            os.utime(tried, (time.time() - age * 24 * 3600,) * 2)
        jvm_archive.prepare()
    assert started == [jvm.archive().parent] * 2


def test_no_room_for_it_is_no_matter(cache):
    cache.write_text("a file, not a folder")
    jvm_archive.prepare()
    assert cache.read_text() == "a file, not a folder"


def test_what_nobody_has_used_for_long_goes(tmp_path):
    for name, days in (("new.jsa", 1), ("old.jsa", 31)):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (time.time() - days * 24 * 3600,) * 2)
    (tmp_path / "left").mkdir()
    os.utime(tmp_path / "left", (1, 1))
    jvm_archive._forget_old(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["new.jsa"]
