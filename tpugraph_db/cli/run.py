"""From exceptions and signals to one line on stderr and an exit code."""

from __future__ import annotations

import signal
import sys
import traceback
from types import FrameType

import click

from tpugraph_db import errors

INTERRUPTED, TERMINATED = 130, 143

_CODES: tuple[tuple[type[errors.TpuGraphError], int], ...] = (
    (errors.GateError, 4),
    (errors.StoreError, 3),
    (errors.UsageError, 2),
)
"""Every other error of ours is of query or data: 1."""


class _Terminated(BaseException):
    """SIGTERM came."""


def run(command: click.Command, arguments: list[str]) -> int:
    """Run a command; its exit code."""
    # JPype crashes on a SIGTERM that had no handler before the JVM started
    signal.signal(signal.SIGTERM, _terminate)
    try:
        return int(command.main(arguments, prog_name="tpudb", standalone_mode=False) or 0)
    except click.exceptions.Exit as leave:
        return leave.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    except _Terminated:
        return TERMINATED
    except (errors.TpuGraphError, OSError) as error:
        return _say(error, arguments)


def _say(error: errors.TpuGraphError | OSError, arguments: list[str]) -> int:
    if "--debug" in arguments:
        traceback.print_exception(error, file=sys.stderr)
    click.echo(f"tpudb: {error}", err=True)
    return next((code for kind, code in _CODES if isinstance(error, kind)), 1)


def _terminate(number: int, frame: FrameType | None) -> None:
    raise _Terminated
