"""A disk of a few megabytes, really full: a line, an exit code, and nothing lost. Each runs in a mount of its own."""

import json
import os
import subprocess
import sys

import pytest

from tests.faults.common import LIMIT, ROOT, write_files

DISK = """
set -e
mount -t tmpfs -o size=$1,mode=0700 tmpfs "$2"
shift 2
exec "$@"
"""


def on_a_small_disk(size, place, code, *arguments):
    """Run Python where ``place`` is a disk of ``size``; what it prints, as JSON."""
    place.mkdir()
    # a mount that only the child sees; where this user may not mount, as root of a namespace of users
    rights = ["--mount"] if os.geteuid() == 0 else ["--mount", "--map-root-user"]
    inner = [sys.executable, "-c", CHILD + code, str(place), *map(str, arguments)]
    command = ["unshare", *rights, "sh", "-c", DISK, "sh", size, str(place), *inner]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "TPUDB_HEAP": "512m"}
    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=LIMIT, check=False)
    assert ran.returncode == 0, f"unshare and mount must work for this test: {ran.stderr}"
    return json.loads(ran.stdout.splitlines()[-1])


CHILD = """
import json, os, subprocess, sys
from pathlib import Path
place, *arguments = sys.argv[1:]
place = Path(place)

def tpudb(*words):
    command = [sys.executable, "-m", "tpugraph_db", *map(str, words)]
    ran = subprocess.run(command, capture_output=True, text=True)
    return {"code": ran.returncode, "out": ran.stdout, "err": ran.stderr.replace(str(place), "PLACE")}

def fill(leave):
    "Take the disk's room but for so many bytes."
    free = os.statvfs(place)
    (place / "filler").write_bytes(bytes(max(0, free.f_bavail * free.f_frsize - leave)))
"""
