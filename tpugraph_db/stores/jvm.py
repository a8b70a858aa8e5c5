"""The Java virtual machine that carries ArcadeDB: once a process, quiet, leaving nothing in the current folder."""

from __future__ import annotations

import atexit
import gc
import os
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from tpugraph_db.errors import StoreError

HEAP = "TPUDB_HEAP"
"""Environment variable: the JVM's largest heap, as ``2g``."""
DEFAULT_HEAP = "2g"

_LOGGING = Path(__file__).with_name("arcadedb-logging.properties")
_started_by: list[int] = []


def start() -> Any:
    """Start it, or find it started; returns the ``arcadedb_embedded`` module.

    Raises:
        StoreError: this process was forked from one that runs a JVM, which does not survive that.
    """
    import jpype
    from arcadedb_embedded import jvm

    if not jpype.isJVMStarted():
        classpath = [str(jar) for jar in Path(jvm.get_jar_path()).glob("*.jar")]
        jpype.startJVM(jvm.get_bundled_jre_lib_path(), *_options(), classpath=classpath, interrupt=False)
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


@cache
def java(name: str) -> Any:
    """A Java class."""
    import jpype

    return jpype.JClass(name)


def heap() -> str:
    """The largest heap, as Java is told it."""
    return os.environ.get(HEAP, DEFAULT_HEAP)


def _options() -> list[str]:
    return [
        f"-Xmx{heap()}",
        f"-XX:ErrorFile={tempfile.gettempdir()}/tpudb-jvm-%p.log",
        "-XX:+UseCompactObjectHeaders",
        "-XX:-UsePerfData",
        "--enable-native-access=ALL-UNNAMED",
        "--add-opens=java.base/java.util.concurrent.atomic=ALL-UNNAMED",
        "--add-opens=java.base/java.nio.channels.spi=ALL-UNNAMED",
        "--add-opens=java.base/java.lang=ALL-UNNAMED",
        "-Djava.awt.headless=true",
        "-Dfile.encoding=UTF8",
        f"-Djava.util.logging.config.file={_LOGGING}",
        # no scripting, and a second lock behind stores/guard.py
        "-Darcadedb.polyglotEngineEnabled=false",
        "-Darcadedb.opencypher.loadCsv.allowFileUrls=false",
        "-Darcadedb.opencypher.loadCsv.allowRemoteUrls=false",
        # the default of 500,000 rows stops a GROUP BY over a store of a few million ops
        "-Darcadedb.queryMaxHeapElementsAllowedPerOp=50000000",
        # the default stops a scan with =~ after 1 s; a query's own timeout holds there too
        "-Darcadedb.command.regexTimeout=0",
    ]
