"""All tests, in two runs of pytest side by side: ``python -m tests.halves [pytest's options]``.

Each has a Neo4j of either version of its own. What a half prints comes when it has ended, whole. The exit code is the
first that is not 0.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent

FIRST = ("analytics", "collect", "cypher", "faults", "formats", "fuzz", "hlo", "patterns", "stores")
"""Folders of the one half; whatever else there is makes the other, so that no test is forgotten."""


def halves() -> tuple[list[str], list[str]]:
    """Paths of either half."""
    first = [HERE / name for name in FIRST]
    second = [path for path in sorted(HERE.iterdir()) if path not in first and _has_tests(path)]
    return [str(path) for path in first], [str(path) for path in second]


def _has_tests(path: Path) -> bool:
    return path.match("test_*.py") or (path.is_dir() and any(path.rglob("test_*.py")))


def main() -> int:
    """Run them."""
    command = [sys.executable, "-m", "pytest", *sys.argv[1:]]
    running = [
        subprocess.Popen([*command, *half], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for half in halves()
    ]
    codes = []
    for process in running:
        out, _ = process.communicate()
        print(out, flush=True)
        codes.append(process.returncode)
    return next((code for code in codes if code), 0)


if __name__ == "__main__":
    sys.exit(main())
