"""The command in a real pseudo-terminal, which pyte reads as a person would."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pexpect
import pyte

from tests.explore.driving import ROOT

SECONDS = 60
"""How long a busy machine may take."""
_QUIET = 0.3

KEYS = {"enter": "\r", "down": "\x1b[B", "up": "\x1b[A", "left": "\x1b[D", "right": "\x1b[C", "pagedown": "\x1b[6~"}
KEYS |= {"backspace": "\x7f", "escape": "\x1b", "end": "\x1b[F"}


class Terminal:
    """80x24 unless said otherwise."""

    def __init__(self, child: pexpect.spawn, columns: int, rows: int) -> None:
        self.child = child
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.Stream(self.screen)
        self.raw = ""
        """All that was written."""

    @property
    def lines(self) -> list[str]:
        """What is on the screen."""
        return [line.rstrip() for line in self.screen.display]

    @property
    def text(self) -> str:
        """The same as one text."""
        return "\n".join(self.lines)

    @property
    def marked(self) -> str:
        """The lines, each after a mark where something of it is reversed: that is where one is."""
        rows = [self.screen.buffer[y].values() for y in range(len(self.lines))]
        marks = ["▸" if any(cell.reverse and cell.data.isalnum() for cell in row) else " " for row in rows]
        return "\n".join(f"{mark}{line}".rstrip() for mark, line in zip(marks, self.lines, strict=True))

    def send(self, key: str) -> None:
        """Press a key."""
        self.child.send(KEYS.get(key, key))

    def resize(self, columns: int, rows: int) -> None:
        """As by dragging a window's corner."""
        self.child.setwinsize(rows, columns)
        self.screen.resize(rows, columns)

    def until(self, holds: Callable[[str], bool]) -> str:
        """Read until something holds of the screen, and nothing more comes for a moment."""
        began = last = time.monotonic()
        while time.monotonic() - began < SECONDS:
            if self._read():
                last = time.monotonic()
            elif holds(self.text) and time.monotonic() - last > _QUIET:
                return self.text
        raise AssertionError(f"not within {SECONDS} s:\n{self.text}")

    def _read(self) -> bool:
        """Whether something came."""
        try:
            text = self.child.read_nonblocking(65_536, timeout=0.05)
        except (pexpect.TIMEOUT, pexpect.EOF):
            return False
        self.raw += text
        self._stream.feed(text)
        return True


@contextmanager
def explore(*words: str, columns: int = 80, rows: int = 24, **environment: str) -> Iterator[Terminal]:
    """``tpudb explore`` with some words, in the repository's folder; ended where it is not over by then."""
    import os

    kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "COLORTERM")}
    child = pexpect.spawn(
        sys.executable,
        ["-m", "tpugraph_db", "explore", *words],
        dimensions=(rows, columns),
        cwd=str(ROOT),
        env=kept | {"TERM": "xterm-256color"} | environment,
        encoding="utf-8",
    )
    try:
        yield Terminal(child, columns, rows)
    finally:
        child.close(force=True)
