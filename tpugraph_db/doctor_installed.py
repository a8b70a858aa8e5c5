"""What the doctor says about the installation. See :mod:`tpugraph_db.doctor`."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Iterator
from importlib.machinery import EXTENSION_SUFFIXES
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path

from tpugraph_db import __version__
from tpugraph_db.doctor_check import Check, size
from tpugraph_db.stores.jvm import HEAP, heap

_HEAP = re.compile(r"(\d+)([kmgt]?)", re.IGNORECASE)
_UNITS = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40}
_SMALLEST_HEAP = 16 << 20
"""Bytes. The embedded engine opens a small store with so much, and does not start with half of it."""


def installed() -> Iterator[Check]:
    """Versions of what commands stand on, and the memory they may use."""
    yield Check("tpugraph-db", "ok", __version__)
    yield Check("python", "ok", f"{platform.python_version()} ({platform.python_implementation()})")
    yield Check(
        "system", "ok", f"{platform.system()} {platform.release()} {platform.machine()}, {os.cpu_count()} cores"
    )
    yield _package("arcadedb-embedded")
    yield _java()
    yield _package("neo4j")
    yield _rust()
    yield _heap()


def _package(name: str) -> Check:
    try:
        return Check(name, "ok", version(name))
    except PackageNotFoundError:
        return Check(name, "fail", "not installed", f"pip install {name}")


def _java() -> Check:
    """The Java inside arcadedb-embedded; its release file says the version without starting it."""
    cure = "pip install --force-reinstall arcadedb-embedded"
    try:
        folder = Path(str(distribution("arcadedb-embedded").locate_file("arcadedb_embedded/jre")))
        found = re.search(r'^JAVA_VERSION="(.+)"', (folder / "release").read_text(), re.MULTILINE)
    except (PackageNotFoundError, OSError) as error:
        return Check("java", "fail", f"not there: {error}", cure)
    if not found or not any(folder.rglob("*jvm.[sd]*")):  # libjvm.so, libjvm.dylib, jvm.dll
        return Check("java", "fail", f"{folder}: not a Java", cure)
    return Check("java", "ok", f"{found[1]}, in arcadedb-embedded")


def _rust() -> Check:
    """The driver uses its Rust part where that lies beside it."""
    try:
        folder = Path(str(distribution("neo4j").locate_file("neo4j")))
        name = f"neo4j-rust-ext {version('neo4j-rust-ext')}"
    except PackageNotFoundError:
        return Check("neo4j-rust-ext", "warn", "not installed: Neo4j is slower", "pip install neo4j-rust-ext")
    if not any((folder / f"_rust{suffix}").exists() for suffix in EXTENSION_SUFFIXES):
        cure = "pip install --force-reinstall neo4j-rust-ext"
        return Check("neo4j-rust-ext", "warn", f"{name} is not for this Python: Neo4j is slower", cure)
    return Check("neo4j-rust-ext", "ok", f"{name}, in use")


def _heap() -> Check:
    text, memory = heap(), _memory()
    number = _HEAP.fullmatch(text)
    wanted = int(number[1]) * _UNITS[number[2].lower()] if number else 0
    if wanted < _SMALLEST_HEAP:
        return Check("heap", "fail", f"{HEAP}={text}: not a size of 16m or more", f"set {HEAP}, for example to 2g")
    found = f"{text} of {size(memory)} memory" if memory else text
    return Check("heap", "warn", found, f"set {HEAP} to less") if 0 < memory < wanted else Check("heap", "ok", found)


def _memory() -> int:
    """Bytes of memory; 0 where the system does not say."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return 0
