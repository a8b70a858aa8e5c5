"""A real Neo4j Community server for tests and demos, with nothing but pip packages.

The jars come from `neo4j_jars`, Java is the one inside `arcadedb-embedded`, and JPype starts the server in a
process of its own. Neo4j is GPLv3: it is fetched into the user's cache on first use, only ever spoken to over
Bolt, and never bundled with this project.

In a test:    with neo4j_server.start(tmp_path) as server: GraphDatabase.driver(server.uri, auth=server.auth)
On a shell:   eval "$(python -m tests.neo4j_server start)"   and later   python -m tests.neo4j_server stop
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import json
import os
import secrets
import shlex
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import neo4j

from tests.neo4j_jars import CACHE, VERSION, jars

HOME = (CACHE / "server").resolve()
START_LIMIT = 120.0
STOP_LIMIT = 30.0

CONFIGURATION = """\
server.bolt.enabled=true
server.bolt.listen_address=127.0.0.1:{port}
server.http.enabled=false
server.directories.import=import
server.memory.pagecache.size={heap}
db.tx_log.preallocate=false
dbms.security.auth_enabled=true
dbms.usage_report.enabled=false
server.config.strict_validation.enabled=false
"""


@dataclass
class Neo4jServer:
    """A running server; the end of its `with` block stops it, and its data stays in `folder`."""

    folder: Path
    pid: int
    uri: str  # empty until it answers
    version: str
    username: str = "neo4j"
    password: str = field(default="", repr=False)
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def auth(self) -> tuple[str, str]:
        return self.username, self.password

    def running(self) -> bool:
        if self.process:
            return self.process.poll() is None
        found = find(self.folder)
        return found is not None and found.pid == self.pid

    def stop(self) -> None:
        """Shut down cleanly, or by force after STOP_LIMIT; does nothing where it no longer runs."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            if self.running():
                os.kill(self.pid, number)
            until = time.monotonic() + STOP_LIMIT
            while self.running() and time.monotonic() < until:
                time.sleep(0.05)

    def __enter__(self) -> Neo4jServer:
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()


def find(folder: Path) -> Neo4jServer | None:
    """The server that runs in a folder. It keeps its state file locked, so a pid left by a dead one, or given
    to another process since, is never taken for it."""
    folder = folder.resolve()
    with contextlib.suppress(FileNotFoundError), open(folder / "server.json") as state:
        try:
            fcntl.flock(state, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return Neo4jServer(folder, password=_password(folder), **json.load(state))
    return None


def start(
    folder: Path,
    version: str = VERSION,
    port: int = 0,
    heap: str = "1g",
    background: bool = False,
    password: str = "",
) -> Neo4jServer:
    """Start a server in a new folder or in one that it had before (port 0: a free one; a password is made up).

    It ends with this process at the latest, unless it is to go on in the background.
    """
    folder = folder.resolve()
    if find(folder):
        raise RuntimeError(f"a Neo4j server is running in {folder} already")
    jars(version)
    (folder / "import").mkdir(parents=True, exist_ok=True)
    _password(folder, password)
    command = [
        sys.executable,
        "-m",
        "tests.neo4j_server",
        "serve",
        "--folder",
        str(folder),
        "--version",
        version,
    ]
    command += ["--port", str(port), "--heap", heap, "--with-parent", str(0 if background else os.getpid())]
    root = Path(__file__).parents[1]
    with open(folder / "server.log", "wb") as log:
        process = subprocess.Popen(
            command, cwd=root, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
    try:
        return _first_answer(folder, process)
    except BaseException:
        process.kill()
        process.wait()
        raise


def _first_answer(folder: Path, process: subprocess.Popen[bytes]) -> Neo4jServer:
    until = time.monotonic() + START_LIMIT
    while process.poll() is None and time.monotonic() < until:
        server = find(folder)
        if server and server.uri and server.pid == process.pid:
            with neo4j.GraphDatabase.driver(server.uri, auth=server.auth) as driver:
                driver.execute_query("RETURN 1")
            server.process = process
            return server
        time.sleep(0.05)
    log = (folder / "server.log").read_text(errors="replace")
    raise RuntimeError(f"Neo4j did not start in {folder}; its server.log ends with:\n{log[-4000:]}")


def _password(folder: Path, wanted: str = "") -> str:
    path = folder / "password"
    if not path.exists():
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(wanted or secrets.token_urlsafe(18))
    return path.read_text()


def serve(folder: Path, version: str, port: int, heap: str, parent: int) -> None:
    """What the server's own process does: run until SIGTERM, or until its parent, if it has one, is gone."""
    stopped: list[int] = []
    # The JVM leaves signals alone (-Xrs), but crashes on a SIGTERM that had no handler before it started.
    signal.signal(signal.SIGTERM, lambda number, frame: stopped.append(number))
    os.chdir(folder)
    port = port or _free_port()
    (folder / "server.json").touch()
    with open(folder / "server.json", "r+") as state:
        fcntl.flock(state, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _tell(state, "", version)
        service = _launch(folder, version, port, heap)
        _tell(state, f"bolt://127.0.0.1:{port}", version)
        while not stopped and parent in (0, os.getppid()):
            time.sleep(0.2)
        service.shutdown()


def _tell(state: IO[str], uri: str, version: str) -> None:
    state.seek(0)
    # One write, always of the same length: no reader meets half of it.
    state.write(json.dumps({"pid": os.getpid(), "uri": uri, "version": version}).ljust(200))
    state.flush()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _launch(folder: Path, version: str, port: int, heap: str) -> Any:
    """Start the JVM and in it the server, and give its user the password of the folder."""
    import jpype
    from arcadedb_embedded.jvm import get_bundled_jre_lib_path

    (folder / "tmp").mkdir(exist_ok=True)
    options = [f"-Xmx{heap}", "-Xrs", "-XX:-UsePerfData", "--enable-native-access=ALL-UNNAMED"]
    options += [f"-XX:ErrorFile={folder}/crash-%p.log", f"-Djava.io.tmpdir={folder}/tmp"]
    classpath = [str(path) for path in jars(version)]
    jpype.startJVM(get_bundled_jre_lib_path(), *options, classpath=classpath, interrupt=False)
    # Bolt's shutdown lasts two of its quiet periods, 5 s each, and the setting's name changed with 2026.
    settings = jpype.JClass("org.neo4j.configuration.GraphDatabaseInternalSettings")
    quiet = settings.netty_server_shutdown_quiet_period.name()
    (folder / "neo4j.conf").write_text(CONFIGURATION.format(port=port, heap=heap) + f"{quiet}=0\n")
    home = jpype.JClass("java.nio.file.Path").of(str(folder))
    builder = jpype.JClass("org.neo4j.dbms.api.DatabaseManagementServiceBuilder")(home)
    service = builder.loadPropertiesFromFile(home.resolve("neo4j.conf")).build()
    password = jpype.JClass("java.util.Map").of("password", _password(folder))
    change = "CREATE OR REPLACE USER neo4j SET PASSWORD $password CHANGE NOT REQUIRED"
    service.database("system").executeTransactionally(change, password)
    return service


def _exports(server: Neo4jServer) -> str:
    path = shlex.quote(str(server.folder / "password"))
    stop = f"python -m tests.neo4j_server stop --folder {shlex.quote(str(server.folder))}"
    return (
        f"export NEO4J_URI={server.uri}\n"
        f"export NEO4J_USERNAME={server.username}\n"
        f'export NEO4J_PASSWORD="$(cat {path})"\n'
        f"# to stop it: {'make neo4j-stop' if server.folder == HOME else stop}"
    )


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.neo4j_server")
    actions = ["start", "stop", "status", "env", "serve"]
    parser.add_argument("action", choices=actions, metavar="start|stop|status|env")
    parser.add_argument("--folder", type=Path, default=HOME, help="for its data (%(default)s)")
    parser.add_argument("--version", default=VERSION, help="of Neo4j (%(default)s)")
    parser.add_argument("--port", type=int, default=0, help="of Bolt (any free one)")
    parser.add_argument("--heap", default="1g", help="its memory (%(default)s)")
    parser.add_argument("--with-parent", type=int, default=0, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    wanted = (asked.folder.resolve(), asked.version, asked.port, asked.heap)
    if asked.action == "serve":
        serve(*wanted, asked.with_parent)
        return 0
    server = find(asked.folder)
    if server and asked.action == "start":
        print(f"Neo4j {server.version} is running already", file=sys.stderr)
    elif asked.action == "start":
        server = start(*wanted, background=True)
    if not server:
        print(f"no Neo4j server is running in {asked.folder}", file=sys.stderr)
        return int(asked.action != "stop")
    if asked.action == "stop":
        server.stop()
    elif asked.action == "status":
        print(f"Neo4j {server.version} at {server.uri or '(starting)'}, pid {server.pid}, in {server.folder}")
    else:
        print(_exports(server))
    return 0


if __name__ == "__main__":
    sys.exit(main())
