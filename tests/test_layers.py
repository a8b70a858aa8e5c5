"""Imports point one way: a module knows only the layers below its own, and no circle of modules exists.

Every import counts, those in functions and under TYPE_CHECKING too: a lazy import is for weight, never for a circle.
"""

from __future__ import annotations

import ast
from pathlib import Path

import networkx as nx
import pytest

ROOT = Path(__file__).parents[1]

LAYERS = (
    ("ahead", "errors", "flat", "frozen", "opcodes", "columns", "html", "kendall", "paths", "whole_file"),
    ("schema", "shapes", "structure", "configurations", "packed"),
    ("program",),
    ("record",),
    ("feature_rows", "features", "hlo"),
    (
        "rewired",
        "networkx",
        "dgl",
        "surroundings",
        "rows",
        "program_rows",
        "content",
        "payload",
        "score_files",
        "formats",
    ),
    ("stores", "patterns"),
    ("cypher", "analytics", "models"),
    (
        "collect",
        "loading",
        "load",
        "remove",
        "query",
        "where",
        "matching",
        "in_turn",
        "scores",
        "match",
        "match_rows",
        "predict",
        "predicted",
        "figured",
        "exports",
        "pictures",
        "diffed",
        "written_ranks",
        "write_back",
        "train",
        "evaluate",
        "submit",
    ),
    ("chosen",),
    ("asked",),
    ("database",),
    ("shell",),
    ("explore",),
    ("doctor", "doctor_check", "doctor_files", "doctor_installed"),
    ("cli", "__main__"),
)
"""From the bottom up; a name stands for a module or a package of ``tpugraph_db``."""

LEVEL = {name: level for level, names in enumerate(LAYERS) for name in names}


def modules() -> dict[str, Path]:
    """Every module of the package by its dotted name, less the package's own ``__init__``, which only points."""
    homes = {ROOT / "tpugraph_db": "tpugraph_db"} | {
        ROOT / name: f"tpugraph_db.{name}" for name in ("analytics", "cypher", "models")
    }
    found = {}
    for home, package in homes.items():
        for path in sorted(home.rglob("*.py")):
            parts = [part for part in path.relative_to(home).with_suffix("").parts if part != "__init__"]
            found[".".join([package, *parts])] = path
    del found["tpugraph_db"]
    return found


def imports(path: Path, known: set[str]) -> set[str]:
    """The package's modules that a file imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: imports are absolute"
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= inner if inner <= known else inner | {node.module or ""}
    return found & known


def level(module: str) -> int:
    """The layer of a dotted name."""
    return LEVEL[module.split(".")[1]]


MODULES = modules()


@pytest.mark.parametrize("name", MODULES)
def test_imports_point_down(name):
    above = [other for other in imports(MODULES[name], set(MODULES)) if level(other) > level(name)]
    assert not above


def test_no_circles():
    graph = nx.DiGraph((name, other) for name, path in MODULES.items() for other in imports(path, set(MODULES)))
    circles = [circle for circle in nx.simple_cycles(graph) if len(circle) > 1]
    assert not circles


def test_the_check_sees_a_lazy_import_upwards(tmp_path):
    (tmp_path / "bad.py").write_text("def f():\n    from tpugraph_db.cli import main\n")
    assert imports(tmp_path / "bad.py", set(MODULES)) == {"tpugraph_db.cli"}


def test_every_module_has_a_layer():
    assert {name.split(".")[1] for name in MODULES} == set(LEVEL)
