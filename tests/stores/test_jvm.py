"""How the JVM is started: its options, and the archive of classes that it takes or leaves."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import tpugraph_db
from tests.stores.test_arcadedb import python
from tpugraph_db.errors import StoreError
from tpugraph_db.stores import jvm


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def jars(tmp_path, monkeypatch):
    """A library and two jars in the place of the real ones."""
    found = [tmp_path / name for name in ("libjvm.so", "a.jar", "b.jar")]
    for path in found:
        path.write_bytes(b"x")
    monkeypatch.setattr(jvm, "files", lambda: [str(path) for path in found])
    return found


def test_the_library_and_the_jars_are_there():
    library, *jars = jvm.files()
    assert "jvm" in Path(library).name
    assert len(jars) > 10
    assert all(Path(jar).is_file() and jar.endswith(".jar") for jar in jars)
    assert jars == sorted(jars)


def test_the_heap_is_what_the_environment_says(monkeypatch):
    monkeypatch.setenv(jvm.HEAP, "77m")
    assert "-Xmx77m" in jvm.options()


def test_a_heap_that_is_none(monkeypatch, tmp_path):
    monkeypatch.setenv(jvm.HEAP, "much")
    code = "from tpugraph_db.stores import jvm\ntry: jvm.start()\nexcept Exception as error: print(repr(error))"
    said = "Java does not start with TPUDB_HEAP=much; expected a size such as 2g"
    assert python(code, cwd=tmp_path).stdout == f"{StoreError(said)!r}\n"


def test_an_archive_belongs_to_its_jars(jars):
    first = jvm.archive()
    assert jvm.archive() == first
    jars[1].write_bytes(b"another version")
    second = jvm.archive()
    os.utime(jars[0], (1, 1))
    assert len({first, second, jvm.archive()}) == 3


def test_an_archive_is_in_the_users_cache_folder(cache, jars):
    assert jvm.archive().parent == cache / "tpugraph-db" / "java"


def test_no_archive_is_no_option(jars):
    assert jvm._sharing() == []


def test_an_archive_is_verified_before_it_is_used(jars):
    jvm.archive().parent.mkdir(parents=True)
    jvm.archive().touch()
    assert f"-XX:SharedArchiveFile={jvm.archive()}" in jvm._sharing()
    assert "-XX:+VerifySharedSpaces" in jvm._sharing()


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="files have no owner here")
def test_anothers_archive_is_left_alone(jars, monkeypatch):
    jvm.archive().parent.mkdir(parents=True)
    jvm.archive().touch()
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    assert jvm._sharing() == []


def test_matrices_are_factored_on_several_threads_beside_it(tmp_path):
    lines = """
import sys
import numpy as np
import tpugraph_db

with tpugraph_db.open(sys.argv[1]):
    for size in (100, 300):
        matrix = np.random.default_rng(0).normal(size=(size, size))
        assert np.allclose(matrix @ np.linalg.solve(matrix, matrix), matrix)
print("done")
"""
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "2"}  # with one the stack was enough
    ran = subprocess.run(
        [sys.executable, "-c", lines, tmp_path / "store"], env=environment, capture_output=True, text=True
    )
    assert (ran.returncode, ran.stdout) == (0, "done\n"), ran.stderr


def test_a_thread_that_ends_leaves_nothing_in_java(tmp_path):
    def ask(leave):
        db.query("RETURN 1")
        if leave:
            jvm.leave_thread()

    def more(leave):
        before = threads.activeCount()
        for _ in range(20):
            thread = threading.Thread(target=ask, args=(leave,))
            thread.start()
            thread.join()
        return threads.activeCount() - before

    with tpugraph_db.open(tmp_path / "store") as db:
        threads = jvm.java("java.lang.Thread")
        assert more(leave=True) < 10  # the engine may begin or end some of its own
        assert more(leave=False) > 10
