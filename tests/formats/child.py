"""A child process without root's rights, and with an end."""

from __future__ import annotations

import os
import pickle
import select
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

NOBODY = 65534


def as_nobody(folder: Path, work: Callable[[], Any], seconds: float = 30) -> Any:
    """What ``work`` gives, or raises, in a process that stands in ``folder`` and is not root.

    It reads by relative paths: what is above ``folder`` may be closed to it. So may be Python's own files: whatever it
    needs is to be imported before.
    """
    folder.chmod(0o755)
    ours, theirs = os.pipe()
    child = os.fork()
    if not child:
        _work(folder, work, theirs)
    os.close(theirs)
    with os.fdopen(ours, "rb") as answer:
        ready, _, _ = select.select([answer], [], [], seconds)
        if not ready:
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        assert ready, f"no end within {seconds} s"
        result = pickle.loads(answer.read())
    if isinstance(result, BaseException):
        raise result
    return result


def _work(folder: Path, work: Callable[[], Any], theirs: int) -> None:
    try:
        os.chdir(folder)
        if os.geteuid() == 0:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
        result = work()
    except BaseException as error:  # whatever it is, the parent is to see it
        result = error
    with os.fdopen(theirs, "wb") as answer:
        answer.write(pickle.dumps(result))
    os._exit(0)
