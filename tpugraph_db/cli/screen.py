"""A terminal that a program has to itself, and that is as it was when the program is gone."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

_PLAIN = (
    b"".join(
        b"\x1b[" + code
        for code in (b"<u", b"?2004l", b"?2048l", b"?1000l", b"?1002l", b"?1003l", b"?1006l", b"?1015l", b"?1004l")
    )
    + b"\x1b[?1049l\x1b[?25h\x1b[?7h\x1b[0m"
)
"""Keyboard, pasting, resizing, mouse and focus as usual; the first screen, the cursor, wrapping, no colour."""


def is_terminal() -> bool:
    """Whether someone sits there: keys come from stdin, and the screen is stderr, as Textual has it."""
    return all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr))


def restorer() -> Callable[[], None]:
    """What brings the terminal back to how it is now, from any thread, at any time."""
    if sys.platform == "win32":
        return lambda: None
    import termios

    keys, screen = sys.stdin.fileno(), sys.stderr.fileno()
    attributes = termios.tcgetattr(keys)

    def restore() -> None:
        os.write(screen, _PLAIN)
        termios.tcsetattr(keys, termios.TCSANOW, attributes)

    return restore
