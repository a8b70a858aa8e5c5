"""A command in a real pseudo-terminal, and what stands on its screen."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pexpect
import pyte

PATIENCE = 60
"""Seconds; a busy machine starts slowly."""


class Terminal:
    """Runs ``tpudb`` with words; its screen is what a person would see."""

    def __init__(self, words: list[str], home: Path, rows: int = 30, columns: int = 100) -> None:
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        environment = os.environ | {
            "TERM": "xterm-256color",
            "XDG_DATA_HOME": str(home / "data"),
            "XDG_STATE_HOME": str(home / "state"),
        }
        words = ["-m", "tpugraph_db", *words]
        self.child = pexpect.spawn(sys.executable, words, dimensions=(rows, columns), env=environment)

    def send(self, keys: str) -> None:
        self.child.send(keys)

    def until(self, text: str) -> float:
        """Wait until the text stands on the screen; the seconds that took."""
        started = time.monotonic()
        while text not in self.screen:
            assert time.monotonic() - started < PATIENCE, self.screen
            self._feed()
        return time.monotonic() - started

    def left(self) -> int | None:
        """Wait until the command has ended; its exit code."""
        started = time.monotonic()
        while self.child.isalive():
            assert time.monotonic() - started < PATIENCE, self.screen
            self._feed()
        return self.child.exitstatus

    @property
    def screen(self) -> str:
        return "\n".join(line.rstrip() for line in self._screen.display).rstrip()

    def _feed(self) -> None:
        try:
            data = self.child.read_nonblocking(65536, timeout=0.02)
        except (pexpect.TIMEOUT, pexpect.EOF):
            return
        self._stream.feed(data)
        if b"\x1b[6n" in data:  # a terminal is asked where its cursor is
            self.child.send(f"\x1b[{self._screen.cursor.y + 1};{self._screen.cursor.x + 1}R")
