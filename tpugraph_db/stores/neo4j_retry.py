"""When Neo4j is asked once more: while it restarts, or after a deadlock.

The driver's own retries know no fence: they give up where the answer to a commit is lost. They also go on where a
transaction is too large for the server's memory, which it will be again.
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable
from typing import TypeVar

from neo4j.exceptions import DriverError, IncompleteCommit, Neo4jError, ServiceUnavailable, SessionExpired

from tpugraph_db.errors import StoreError
from tpugraph_db.stores.neo4j_errors import reason

RETRY_SECONDS = 60.0
"""How long the server may stay away."""

AT_A_PROMPT_SECONDS = 2.0
"""The same where somebody waits for the answer."""

FIRST_PAUSE, LONGEST_PAUSE = 0.25, 4.0

_Answer = TypeVar("_Answer")


class Patience:
    """With one server; its writers share it. Once it has stayed away for too long, nobody waits again."""

    def __init__(self, location: str, seconds: float | None = None) -> None:
        self._location, self._until = location, math.inf
        self._seconds = RETRY_SECONDS if seconds is None else seconds

    def until_done(self, work: Callable[[], _Answer], *, may_repeat: bool) -> _Answer:
        """Do ``work``, again where that may help. ``may_repeat``: even if it may have been done."""
        pause = FIRST_PAUSE
        while True:
            try:
                answer = work()
            except (DriverError, Neo4jError, StoreError) as error:
                self._consider(error, may_repeat)
            else:
                self._until = math.inf
                return answer
            time.sleep(pause * random.uniform(0.5, 1.0))  # two that met in a deadlock must not meet again
            pause = min(2 * pause, LONGEST_PAUSE)

    def _consider(self, error: Exception, may_repeat: bool) -> None:
        """Return where the work is to be done again."""
        cause = error.__cause__ if isinstance(error, StoreError) else error
        if not _may_pass(cause, may_repeat):
            raise error
        self._until = min(self._until, time.monotonic() + self._seconds)
        if time.monotonic() < self._until:
            return
        if not isinstance(cause, (ServiceUnavailable, SessionExpired)):
            raise error
        cure = "start it and say the same again: what is done stays"
        raise StoreError(
            f"{self._location}: Neo4j has not answered for {self._seconds:g} s ({reason(str(cause))}); {cure}"
        ) from error


def _may_pass(error: BaseException | None, may_repeat: bool) -> bool:
    if isinstance(error, IncompleteCommit):
        return may_repeat
    if not isinstance(error, (DriverError, Neo4jError)) or "OutOfMemory" in str(getattr(error, "code", "")):
        return False
    return error.is_retryable()
