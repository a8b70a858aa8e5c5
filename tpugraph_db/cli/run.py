"""From exceptions to one line on stderr and an exit code."""

from __future__ import annotations

import io
import traceback

import click

from tpugraph_db import errors
from tpugraph_db.cli.terminal import say

_CODES: tuple[tuple[type[errors.TpuGraphError], int], ...] = (
    (errors.GateError, 4),
    (errors.StoreError, 3),
    (errors.UsageError, 2),
)
"""Every other error of ours is of query or data: 1."""


def run(command: click.Command, arguments: list[str]) -> int:
    """Run a command; its exit code."""
    try:
        return int(command.main(arguments, prog_name="tpudb", standalone_mode=False) or 0)
    except click.exceptions.Exit as leave:
        return leave.exit_code
    except click.ClickException as error:
        _show(error)
        return error.exit_code
    except (errors.TpuGraphError, OSError) as error:
        return _say(error, arguments)


def _say(error: errors.TpuGraphError | OSError, arguments: list[str]) -> int:
    if "--debug" in arguments:
        _say_lines("".join(traceback.format_exception(error)))
    say(f"tpudb: {error}")
    return next((code for kind, code in _CODES if isinstance(error, kind)), 1)


def _show(error: click.ClickException) -> None:
    shown = io.StringIO()
    error.show(shown)
    _say_lines(shown.getvalue())


def _say_lines(text: str) -> None:
    for line in text.splitlines():
        say(line)
