"""Ctrl-C and SIGTERM end a command at once, wherever it is.

Python runs a handler only between its own instructions, and a command may wait for Java or a server for long; so a
thread hears of the signal and ends the process. Nothing is closed first, and nothing needs to be: what a store holds is
whole, and what a load leaves half done is swept (:mod:`tpugraph_db.stores.change`). A command that can go on where it
was says how (:func:`last_words`); one that others rely on may say good-bye (:func:`last_act`).
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tpugraph_db.cli.terminal import visible

CODES = {signal.SIGINT: 130, signal.SIGTERM: 143}

_SHOW_CURSOR = b"\x1b[?25h\r\n"  # a progress bar hides it

LAST_ACT_SECONDS = 10.0

_last_words: list[Callable[[], str]] = []
_last_acts: list[Callable[[], None]] = []


@contextmanager
def last_words(text: Callable[[], str]) -> Iterator[None]:
    """While this lasts, a command that a signal ends says ``text`` on stderr."""
    _last_words.append(text)
    try:
        yield
    finally:
        _last_words.remove(text)


@contextmanager
def last_act(act: Callable[[], None]) -> Iterator[None]:
    """While this lasts, a command that a signal ends does ``act`` first, and leaves it after some seconds."""
    _last_acts.append(act)
    try:
        yield
    finally:
        _last_acts.remove(act)


def listen() -> None:
    """Begin. A signal that whoever started the command has set to be ignored stays ignored."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    for number in CODES:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, lambda number, frame: None)  # the thread has it
    threading.Thread(target=_end, args=(reader,), daemon=True, name="signals").start()


@contextmanager
def handed_over() -> Iterator[None]:
    """While this lasts, Ctrl-C is a KeyboardInterrupt, and SIGTERM and SIGHUP leave through every ``finally``.

    For a command that goes on after Ctrl-C, and whose main thread never waits for an engine.
    """
    before = signal.set_wakeup_fd(-1)
    leaving = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    handlers = {signal.SIGINT: signal.default_int_handler} | dict.fromkeys(leaving, _leave)
    found = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        yield
    finally:
        for number, handler in found.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(before, warn_on_full_buffer=False)


def _leave(number: int, frame: object) -> None:
    raise SystemExit(128 + number)


def _end(reader: int) -> None:
    code = None
    while code is None:
        code = CODES.get(signal.Signals(os.read(reader, 1)[0]))
    try:
        _say_last()
    finally:  # a stderr that is closed, or that a screen has caught, keeps nobody here
        try:
            _act_last()
        finally:
            os._exit(code)


def _say_last() -> None:
    if sys.stderr.isatty():
        os.write(sys.stderr.fileno(), _SHOW_CURSOR)
    for text in _last_words:
        os.write(sys.stderr.fileno(), f"{visible(text())}\n".encode())


def _act_last() -> None:
    for act in _last_acts:
        acting = threading.Thread(target=act, daemon=True, name="last act")
        acting.start()
        acting.join(LAST_ACT_SECONDS)
