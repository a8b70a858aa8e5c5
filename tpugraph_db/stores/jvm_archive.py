"""Java's classes, parsed and checked once for all, in a file that its virtual machine maps: half the time of a query.

It is Java's own class data sharing, which knows the jars and the Java that a file was made from, and passes over a file
that does not fit or is damaged. ``python -m tpugraph_db.stores.jvm_archive`` makes it, if it is not there.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tpugraph_db.stores import jvm
from tpugraph_db.stores.arcadedb import ArcadeStore

_DAY = 24 * 60 * 60
_OLD = 30 * _DAY
"""Seconds without use after which an archive, of an installation that is gone perhaps, is deleted."""

# Classes are loaded as they are met: these meet most of what a query needs.
_WRITE = "UNWIND $ids AS id CREATE (:Op {uid: id, index: 1, cost: 0.5})-[:FEEDS]->(:Op {uid: id + 'b', opcode: 'add'})"
_READS = (
    "MATCH (s:Store) RETURN s.id, s.schema_version",
    "MATCH (o:Op) RETURN count(*)",
    "MATCH (a:Op)-[:FEEDS]->(b:Op {opcode: $opcode}) WHERE a.index > 0 AND a.graph IS NULL "
    "WITH a.index AS n, collect(DISTINCT b.opcode) AS all, round(sum(a.cost), 2) AS x "
    "RETURN n, all, x, CASE WHEN x > 1 THEN 'a' ELSE 'b' END AS c ORDER BY x DESC, n LIMIT 5",
    "MATCH (a:Op {uid: $uid}) OPTIONAL MATCH (a)-[:FEEDS]->(b) CALL (a) { MATCH (a)-[:FEEDS*1..2]->(c) "
    "RETURN count(c) AS far } RETURN a, b, far, [x IN range(1, 3) | x * 2] AS l, {k: toString(far)} AS m",
)


def prepare() -> None:
    """Make it in the background, unless it is there or was tried within a day. Says nothing, and never fails."""
    try:
        archive = jvm.archive()
        tried = archive.with_suffix(".tried")
        if not archive.exists() and not (tried.exists() and _age(tried) < _DAY):
            archive.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            tried.touch()
            _in_background(archive.parent)
    except OSError:
        pass  # no room for it, or no right: each start takes its full time


def _in_background(folder: Path) -> None:
    nothing = subprocess.DEVNULL
    maker = subprocess.Popen(
        [sys.executable, "-m", __name__],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdin=nothing,
        stdout=nothing,
        stderr=nothing,
        start_new_session=True,
    )
    maker.returncode = 0  # it outlives this process, which is not to be warned of


def make() -> None:
    """Make it now, if it is not there: some seconds and 42 MB. For a process of its own, since it ends the JVM."""
    archive = jvm.archive()
    if not archive.exists():
        archive.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=archive.parent) as folder:
            _dump(Path(folder), Path(folder) / "new")
            (Path(folder) / "new").replace(archive)
        _forget_old(archive.parent)


def _dump(folder: Path, archive: Path) -> None:
    classes = folder / "classes"
    jvm.start(f"-XX:DumpLoadedClassList={classes}")
    home, classpath = (str(jvm.java("java.lang.System").getProperty(f"java.{key}")) for key in ("home", "class.path"))
    _use(folder / "store")
    _end()
    dump = ["-Xshare:dump", f"-XX:SharedClassListFile={classes}", f"-XX:SharedArchiveFile={archive}"]
    subprocess.run([Path(home) / "bin" / "java", *jvm.options(), *dump, "-cp", classpath], check=True, timeout=600)


def _use(folder: Path) -> None:
    """Do once what commands do, so that Java knows the classes."""
    store = ArcadeStore(folder)
    store.apply_schema()
    store.query(_WRITE, {"ids": ["a"]}, write=True)
    for text in _READS:
        store.query(text, {"opcode": "add", "uid": "a"}, timeout=60)
    store.close()


def _end() -> None:
    """End the JVM, which completes the list of classes."""
    import jpype

    jpype.shutdownJVM()


def _forget_old(folder: Path) -> None:
    for other in folder.iterdir():
        if _age(other) > _OLD:
            shutil.rmtree(other) if other.is_dir() else other.unlink()


def _age(path: Path) -> float:
    """Seconds since it was last used, as far as the system notes that."""
    state = path.stat()
    return time.time() - max(state.st_atime, state.st_mtime)


def _main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if hasattr(os, "nice"):
        os.nice(19)
    make()


if __name__ == "__main__":
    _main()
