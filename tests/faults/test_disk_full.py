"""A disk of a few megabytes, really full: a line, an exit code, and nothing lost."""

import json
import os
import subprocess
import sys

from tests.faults.common import LIMIT, ROOT, write_files

MOUNT = 'mount -t tmpfs -o mode=0700,size="$1" tmpfs "$2" && shift 2 && exec "$@"'

CHILD = """
import json, os, sys
from pathlib import Path
import tpugraph_db
from tests.faults.common import check_all, tpudb
from tpugraph_db import payload

place, uri, *files = sys.argv[1:]
place, files = Path(place), [Path(file) for file in files]
payloads = sum(len(payload.encode(tpugraph_db.read(file)).content) for file in files)
said = {}

def full(what, leave, *words):
    "Run a command while so many bytes are free."
    room = os.statvfs(place)
    filler = place / "filler"
    filler.write_bytes(bytes(room.f_bavail * room.f_frsize - leave))
    ran = tpudb(*words)
    filler.unlink()
    said[what] = [ran.returncode, ran.stdout, ran.stderr.replace(str(place), "PLACE")]
"""


def on_a_small_disk(size, place, code, *arguments):
    """Run code where ``place`` is a disk of ``size``; what it has ``said``."""
    place.mkdir()
    # a mount that only the child sees; who may not mount does it as root of a namespace of users
    rights = ["--mount"] if os.geteuid() == 0 else ["--mount", "--map-root-user"]
    inner = [sys.executable, "-c", CHILD + code + "print(json.dumps(said))", str(place), *map(str, arguments)]
    ran = subprocess.run(
        ["unshare", *rights, "sh", "-c", MOUNT, "sh", size, str(place), *inner],
        cwd=ROOT,
        env=os.environ | {"TPUDB_HEAP": "512m"},
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )
    assert ran.returncode == 0, f"this test needs unshare, and a namespace in which it may mount: {ran.stderr}"
    return json.loads(ran.stdout.splitlines()[-1])


STORE = """
with tpugraph_db.open(uri) as db:
    db.load(files[:1])
full("no room at all", 0, "ls", "--db", uri)
full("payload", 500_000, "load", *files, "--db", uri)
full("engine", payloads + 1_500_000, "load", *files, "--db", uri)
with tpugraph_db.open(uri) as db:
    check_all(db, files[:1])
    db.load(files)
    check_all(db, files)
"""


def test_an_embedded_store_on_a_full_disk(tmp_path):
    files = write_files(tmp_path, [300, 12_000], configs=100)
    place = tmp_path / "disk"
    said = on_a_small_disk("64m", place, STORE, place / "store", *files)
    lines = {
        "no room at all": "tpudb: PLACE/store: the store does not open (No space left on device); make room\n",
        "payload": "tpudb: PLACE/store/payload: the payload cannot be written (No space left on device); make room or "
        "give access, and say the same again: what is done stays\n",
        "engine": "tpudb: PLACE/store: the disk is full; make room and say the same again: what is done stays\n",
    }
    own = {what: [code, out, without_engine(err)] for what, (code, out, err) in said.items()}
    assert own == {what: [3, "", line] for what, line in lines.items()}


def without_engine(text):
    """Less the lines in which ArcadeDB says that it will flush at the next opening what it cannot flush now."""
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith("ArcadeDB: "))


NEO4J = """
os.environ["TPUDB_PAYLOAD"] = str(place / "payload")
with tpugraph_db.open(uri) as db:
    db.query("MATCH (n) DETACH DELETE n", write=True)
with tpugraph_db.open(uri) as db:  # anew, as its id has gone too
    db.load(files[:1])
full("payload", 500_000, "load", *files, "--db", uri)
with tpugraph_db.open(uri) as db:
    check_all(db, files[:1])
    db.load(files)
    check_all(db, files)
"""


def test_the_payload_of_a_neo4j_on_a_full_disk(neo4j, tmp_path):
    files = write_files(tmp_path, [300, 3_000])
    said = on_a_small_disk("16m", tmp_path / "disk", NEO4J, neo4j.uri, *files)
    code, out, line = said["payload"]
    assert (code, out) == (3, "")
    assert line.startswith("tpudb: PLACE/payload/")
    assert "the payload cannot be written (No space left on device)" in line
    assert line.count("\n") == 1


OUTPUT = """
with tpugraph_db.open(uri) as db:
    db.load([])
query = "UNWIND range(1, 10000) AS i RETURN i, 'a text that is long enough: ' + i AS text"
for name in ("rows.csv", "rows.parquet", "rows.json"):
    full(name, 50_000, "query", query, "--db", uri, "--limit", -1, "-o", place / name)
    (place / name).unlink()
"""


def test_an_output_file_on_a_full_disk(tmp_path):
    said = on_a_small_disk("1m", tmp_path / "disk", OUTPUT, tmp_path / "store")
    line = "tpudb: PLACE/{}: cannot be written (No space left on device)\n"
    assert said == {name: [2, "", line.format(name)] for name in said}
    assert len(said) == 3


def test_stdout_on_a_full_disk(tmp_path, literal_files):
    with open("/dev/full", "w") as full:
        command = [sys.executable, "-m", "tpugraph_db", "load", str(literal_files), "--db", str(tmp_path / "store")]
        ran = subprocess.run(command, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True, timeout=LIMIT)
    assert ran.returncode == 2
    assert ran.stderr == "tpudb: stdout: cannot be written (No space left on device)\n"
