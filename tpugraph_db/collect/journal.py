"""What has been compiled and measured so far, a line of JSON each: whatever ends the process loses one at most."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.errors import DataError


class Journal:
    """Appends lines to a file and knows what they say."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.begun: dict[str, Any] = {}
        """What is measured, and on what."""
        self.compiled: dict[int, dict[str, Any]] = {}
        """Number of a configuration -> what became of it."""
        self._rounds: dict[str, dict[int, list[int]]] = {}
        self.processes: dict[str, int] = {}
        """Run -> how many processes measured it: one, unless it was interrupted."""
        self.seconds: dict[str, float] = {}
        """Work -> seconds spent on it, over all processes."""
        for number, line in enumerate(self._lines(), 1):
            self._take(_parsed(line, f"{path}: line {number}"))
        self._file = open(path, "a", encoding="utf-8")  # noqa: SIM115 (close() closes it)

    def begin(self, what: Mapping[str, Any]) -> None:
        """Say what is measured; a journal of something else is refused.

        Raises:
            DataError: naming the first thing that is not as it was.
        """
        if not self.begun:
            self._put({"begin": what})
        for key, value in what.items():
            if self.begun.get(key) != value:
                found, cure = f"{value} now", f"remove {self.path.parent} to begin again"
                raise DataError(str(self.path), key, expected=str(self.begun.get(key)), found=found, cure=cure)

    def compile(self, number: int, outcome: Mapping[str, Any]) -> None:
        """Keep what became of a configuration."""
        self._put({"configuration": number, **outcome})

    def process(self, run: str) -> None:
        """A process begins to measure a run."""
        self._put({"process": run})

    def round(self, run: str, number: int, ns: list[int]) -> None:
        """Keep the nanoseconds of a round, an entry an executable."""
        self._put({"run": run, "round": number, "ns": ns})

    def spend(self, work: str, seconds: float) -> None:
        """Count time."""
        self._put({"spent": work, "seconds": round(seconds, 4)})

    def rounds(self, run: str, count: int) -> NDArray[np.int64]:
        """(count, executables) int64, nanoseconds of the first rounds, all of which are kept."""
        return np.array([self._rounds[run][number] for number in range(count)], np.int64)

    def done(self, run: str) -> set[int]:
        """Numbers of the rounds that are kept."""
        return set(self._rounds.get(run, {}))

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _put(self, entry: dict[str, Any]) -> None:
        self._file.write(json.dumps(entry) + "\n")
        self._file.flush()
        self._take(entry)

    def _take(self, entry: dict[str, Any]) -> None:
        match entry:
            case {"begin": what}:
                self.begun = json.loads(json.dumps(what))
            case {"configuration": number, **outcome}:
                self.compiled[number] = outcome
            case {"process": run}:
                self.processes[run] = self.processes.get(run, 0) + 1
            case {"run": run, "round": number, "ns": ns}:
                self._rounds.setdefault(run, {})[number] = ns
            case {"spent": work, "seconds": seconds}:
                self.seconds[work] = self.seconds.get(work, 0.0) + seconds

    def _lines(self) -> list[str]:
        """The whole lines; half a line at the end, which a process left that was ended, is cut off."""
        if not self.path.exists():
            return []
        text = self.path.read_text(encoding="utf-8")
        whole = text[: text.rfind("\n") + 1]
        if whole != text:
            self.path.write_text(whole, encoding="utf-8")
        return whole.splitlines()


def _parsed(line: str, where: str) -> dict[str, Any]:
    try:
        entry = json.loads(line)
    except ValueError:
        entry = None
    if not isinstance(entry, dict):
        raise DataError(where, "journal", expected="a JSON object", found=line[:40], cure="remove the folder")
    return entry
