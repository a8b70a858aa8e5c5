"""doctor."""

from __future__ import annotations

from dataclasses import astuple
from pathlib import Path

import click

from tpugraph_db.cli import output as out
from tpugraph_db.cli.options import db_option, output_options

_COLUMNS = ("check", "status", "found", "cure")
_UNREACHABLE = 3


@click.command("doctor")
@click.option("--verify", is_flag=True, help="Read every payload file and compare its sha256 with its name.")
@db_option
@output_options
def doctor_command(verify: bool, uri: str | None, format_: str | None, output: Path | None) -> int:
    """Check the installation and the store: versions, Java, memory, disk, write access, graphs, payload files.

    It changes nothing. The exit code is 3 where a check fails.
    """
    from tpugraph_db.doctor import examine
    from tpugraph_db.stores.result import Result

    checks = examine(uri, verify=verify)
    out.write(Result(_COLUMNS, [astuple(check) for check in checks], len(checks)), format_, output)
    return _UNREACHABLE if any(check.status == "fail" for check in checks) else 0
