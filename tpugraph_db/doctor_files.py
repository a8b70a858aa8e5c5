"""What the doctor says about folders and payload files. See :mod:`tpugraph_db.doctor`."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from tpugraph_db import payload, score_files
from tpugraph_db.doctor_check import Check, Status, listed, size
from tpugraph_db.errors import PayloadError

_SCARCE, _FULL = 1_000_000_000, 50_000_000
"""Bytes of free disk below which it is said, and below which a load cannot work."""
_AGAIN = "load the graph's file again with --replace"
_PREDICT = "tpudb predict with that model and --write again, or --clear it"

Scores = Mapping[tuple[str, str], str]
"""The file of each graph's and model's scores."""


def folder(path: Path) -> Iterator[Check]:
    """Write access, privacy and free disk of a folder that may not be there yet, and of the folders in it."""
    nearest = next(place for place in (path, *path.parents) if os.access(place, os.F_OK))
    yield _access(path, nearest)
    if nearest == path:
        yield _privacy(path)
    free = shutil.disk_usage(nearest).free
    status: Status = "ok" if free >= _SCARCE else "warn" if free >= _FULL else "fail"
    yield Check("disk", status, f"{size(free)} free at {nearest}", "" if status == "ok" else "make room")


def payloads(
    place: Path, graphs: Mapping[str, str], scores: Scores, underway: set[str], verify: bool
) -> Iterator[Check]:
    """Files in the payload folder against the Graph and Prediction nodes that refer to them.

    Args:
        place: The payload folder.
        graphs: The payload file of each graph id.
        scores: The file of what each model has said of a graph's configurations.
        underway: Files of graphs that are being loaded or removed.
        verify: Read every file and compare its sha256 with its name.
    """
    try:
        sizes = {path.name: path.stat().st_size for path in place.iterdir()} if graphs or place.exists() else {}
    except OSError as error:
        yield Check("payload", "fail", f"{place}: {error.strerror}", f"see that {place} can be read; else {_AGAIN}")
        return
    missing = [f"{name} of {graph}" for graph, name in sorted(graphs.items()) if name not in sizes]
    total = f"{len(sizes)} files, {size(sum(sizes.values()))}, in {place}"
    yield listed("payload", "fail", "missing", missing, _AGAIN, well=total)
    lost = [_owned(*owner, name) for owner, name in sorted(scores.items()) if name not in sizes]
    yield listed("scores", "fail", "missing", lost, _PREDICT, well=f"{len(scores)} predictions have theirs")
    known = {*graphs.values(), *scores.values(), *underway}
    unused = [f"{name} ({size(sizes[name])})" for name in sorted(sizes.keys() - known)]
    cure = f"delete them from {place} while nothing loads"
    yield listed("unreferenced", "warn", "of no graph", unused, cure, well="no file without a graph")
    if verify:
        there = [(graph, "", name) for graph, name in sorted(graphs.items()) if name in sizes]
        there += [(*owner, name) for owner, name in sorted(scores.items()) if name in sizes]
        changed = [_owned(*row) for row in there if not _is_whole(place, *row)]
        cure = f"{_AGAIN}; for a model's scores {_PREDICT}"
        yield listed("sha256", "fail", "changed", changed, cure, well=f"{len(there)} files are what was written")


def _owned(graph: str, model: str, name: str) -> str:
    return f"{name} of {model} on {graph}" if model else f"{name} of {graph}"


def _is_whole(place: Path, graph: str, model: str, name: str) -> bool:
    """Whether a file is what was written: a graph's payload, or a model's scores."""
    try:
        if model:
            score_files.read(place, name, graph, model, verify=True)
        else:
            payload.read(place, name, verify=True)
    except PayloadError:
        return False
    return True


def _access(path: Path, nearest: Path) -> Check:
    inside = (path / "owner", path / "graph", *path.glob("graph/*"), path / "payload")
    refused = [place for place in (nearest, *inside) if os.access(place, os.F_OK) and not _may_write(place)]
    if refused:
        return Check("write access", "fail", f"none to {refused[0]}", "ask its owner, or choose another with --db")
    return Check("write access", "ok", f"to {nearest}")


def _may_write(path: Path) -> bool:
    wanted = os.W_OK | (os.X_OK if path.is_dir() else 0)
    return os.access(path, wanted, effective_ids=os.access in os.supports_effective_ids)


def _privacy(path: Path) -> Check:
    """A folder inside is out of others' reach where the outer one is."""
    mode = path.stat().st_mode & 0o777
    if mode & 0o077:
        return Check("privacy", "warn", f"others reach into {path} (mode {mode:o})", f"chmod -R go= {path}")
    return Check("privacy", "ok", f"only its user reaches into {path}")
