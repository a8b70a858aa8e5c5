"""The Java virtual machine that carries ArcadeDB: once a process, quiet, leaving nothing in the current folder."""

from __future__ import annotations

import atexit
import gc
import hashlib
import os
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from tpugraph_db.errors import StoreError

HEAP = "TPUDB_HEAP"
"""Environment variable: the JVM's largest heap, as ``2g``."""
DEFAULT_HEAP = "2g"

_LOGGING = Path(__file__).with_name("arcadedb-logging.properties")
_FIXED = (
    "-Xrs",  # signals stay Python's: a thread that Java interrupts in the middle of a write closes its log
    "-Xlog:disable",  # Java's warnings go to stdout, which is data
    # Compiling is half of what a short command does. Later compilation spares it a third of its time and costs a long
    # one nothing that can be measured; no compilation by C2 (TieredStopAtLevel=1) costs that 40 %.
    "-XX:CompileThresholdScaling=4",
    "-XX:+UseParallelGC",  # a load takes a seventh less time and a fifth less memory than with G1
    "-XX:+UseCompactObjectHeaders",
    "-XX:-UsePerfData",
    # Java's guard pages leave too little of the main thread's stack: OpenBLAS, factoring a matrix on several threads
    # (numpy.linalg), ran into them, which ended the process
    "-XX:+UnlockExperimentalVMOptions",
    "-XX:+DisablePrimordialThreadGuardPages",
    "--enable-native-access=ALL-UNNAMED",
    "--add-opens=java.base/java.util.concurrent.atomic=ALL-UNNAMED",
    "--add-opens=java.base/java.nio.channels.spi=ALL-UNNAMED",
    "--add-opens=java.base/java.lang=ALL-UNNAMED",
    "-Djava.awt.headless=true",
    "-Dfile.encoding=UTF8",
    f"-Djava.util.logging.config.file={_LOGGING}",
    "-Darcadedb.installCustomFormatter=false",  # it ends no line
    # no scripting, and a second lock behind stores/guard.py
    "-Darcadedb.polyglotEngineEnabled=false",
    "-Darcadedb.opencypher.loadCsv.allowFileUrls=false",
    "-Darcadedb.opencypher.loadCsv.allowRemoteUrls=false",
    # the default of 500,000 rows stops a GROUP BY over a store of a few million ops
    "-Darcadedb.queryMaxHeapElementsAllowedPerOp=50000000",
    # the default stops a scan with =~ after 1 s; a query's own timeout holds there too
    "-Darcadedb.command.regexTimeout=0",
)
_started_by: list[int] = []


def start(*more: str) -> Any:
    """Start it (with ``more`` options), or find it started; returns the ``arcadedb_embedded`` module.

    Raises:
        StoreError: it does not start; or this process was forked from one that runs a JVM, which does not survive that.
    """
    import jpype

    if not jpype.isJVMStarted():
        try:
            library, *jars = files()
            jpype.startJVM(library, *options(), *_sharing(), *more, classpath=jars, interrupt=True)
        except RuntimeError as error:  # Java itself has said why on stderr
            raise StoreError(f"Java does not start with {HEAP}={heap()}; expected a size such as 2g") from error
        _started_by.append(os.getpid())
        os.register_at_fork(after_in_child=_let_go)
    check_process()
    import arcadedb_embedded

    return arcadedb_embedded


def _let_go() -> None:
    """In a forked child, which has none of the JVM's threads: call it no more, not even at the end."""
    import jpype
    from arcadedb_embedded import Database

    atexit.unregister(jpype._core._JTerminate)
    gc.callbacks[:] = [call for call in gc.callbacks if getattr(call, "__module__", "") != "_jpype"]  # wakes Java's
    Database.__del__ = lambda self: None


def check_process() -> None:
    """Refuse a forked child, where the first Java call would hang."""
    if is_forked():
        cure = "start processes with multiprocessing's 'spawn' (or open the store only in the child)"
        raise StoreError(f"the embedded store cannot be used in a forked process: {cure}")


def is_forked() -> bool:
    """This process is a copy of the one that started the JVM."""
    return bool(_started_by) and _started_by[0] != os.getpid()


def leave_thread() -> None:
    """A thread that ends tells Java, which would else keep its half of it; nothing where Java does not run."""
    jpype = sys.modules.get("jpype")
    if jpype is not None and jpype.isJVMStarted() and not is_forked():
        java("java.lang.Thread").detach()


@cache
def java(name: str) -> Any:
    """A Java class."""
    import jpype

    return jpype.JClass(name)


def heap() -> str:
    """The largest heap, as Java is told it."""
    return os.environ.get(HEAP, DEFAULT_HEAP)


def files() -> list[str]:
    """The library that is the JVM, and the jars of its class path."""
    from arcadedb_embedded import jvm

    return [jvm.get_bundled_jre_lib_path(), *(str(jar) for jar in sorted(Path(jvm.get_jar_path()).glob("*.jar")))]


def options() -> list[str]:
    """What every start is told."""
    return [f"-Xmx{heap()}", f"-XX:ErrorFile={tempfile.gettempdir()}/tpudb-jvm-%p.log", *_FIXED]


def archive() -> Path:
    """Where these very jars and options have, or would have, an archive of classes (:mod:`jvm_archive`)."""
    import platformdirs

    state = [(file, found.st_size, found.st_mtime_ns) for file in files() for found in [Path(file).stat()]]
    key = hashlib.sha256(repr((state, _FIXED)).encode()).hexdigest()
    return platformdirs.user_cache_path("tpugraph-db") / "java" / f"{key[:32]}.jsa"


def _sharing() -> list[str]:
    """Options that map the archive, where there is one that nobody else has made."""
    try:
        file = archive()
        mine = file.stat().st_uid == getattr(os, "geteuid", lambda: 0)()
    except OSError:
        return []
    # unverified, a damaged archive would be a crash; so it is passed over
    return [f"-XX:SharedArchiveFile={file}", "-XX:+VerifySharedSpaces", "-Xshare:auto"] if mine else []
