"""load."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tpugraph_db.cli import output as out
from tpugraph_db.cli.options import db_option, max_bytes_option, open_db, output_options
from tpugraph_db.cli.progress import progress
from tpugraph_db.cli.terminal import say, say_unknown

if TYPE_CHECKING:
    from tpugraph_db.loading import Outcome

_COLUMNS = ("status", "graph", "ops", "edges", "configs", "config_nodes", "reason")


class _Configs(click.ParamType[int]):
    name = "N|all|none"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Number of Config nodes; -1 for all."""
        words = {"all": -1, "none": 0}
        text = str(value)
        if text not in words and not text.isdecimal():
            self.fail(f"expected a number, all or none, found {text!r}", param, ctx)
        return words[text] if text in words else int(text)


@click.command("load")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH...")
@click.option(
    "--collection", help="Collection, over what the path says: layout:SOURCE:SEARCH, tile:SOURCE or hlo:SOURCE."
)
@click.option("--split", help="Split, over what the path says.")
@click.option("--name", help="Name of the graph, over the file's; needed for '-'.")
@click.option(
    "--configs", type=_Configs(), default="100", show_default=True, help="How many Config nodes a graph gets."
)
@max_bytes_option
@click.option(
    "--jobs", type=click.IntRange(min=1), default=2, show_default=True, help="How many files are read at a time."
)
@click.option("--replace", is_flag=True, help="Put a file in the place of the graph that is loaded under its id.")
@click.option("--dry-run", is_flag=True, help="Read and report, write nothing.")
@db_option
@output_options
def load_command(
    paths: tuple[Path, ...],
    collection: str | None,
    split: str | None,
    name: str | None,
    configs: int,
    max_bytes: int,
    jobs: int,
    replace: bool,
    dry_run: bool,
    uri: str | None,
    format_: str | None,
    output: Path | None,
) -> int:
    """Load TpuGraphs files and HLO into the store; folders are walked, '-' is stdin.

    Read are .npz, HLO text (.hlo, .txt), HLO and tuning protobuf (.pb), and any of them packed by gzip. A graph that is
    there from the same file is skipped. A file that cannot be read is refused, the others still load, and the exit code
    is 1.
    """
    found, empty = _find(paths)
    options: dict[str, Any] = {"collection": collection, "split": split, "name": name, "replace": replace}
    options |= {"configs": None if configs < 0 else configs, "max_bytes": max_bytes, "jobs": jobs}
    started = time.monotonic()
    with _Progress(len(found)) as progress:
        outcomes = (_survey if dry_run else _load)(uri, found, on_outcome=progress.advance, **options)
    _report(outcomes, format_, output)
    _summary(outcomes, time.monotonic() - started, dry_run)
    return 1 if empty or any(outcome.status == "refused" for outcome in outcomes) else 0


def _find(paths: tuple[Path, ...]) -> tuple[list[Path], bool]:
    """The files to load, and whether a folder has none, which is said and keeps no other from being loaded."""
    from tpugraph_db.errors import DataError
    from tpugraph_db.formats import READERS, files
    from tpugraph_db.formats.reader import listed

    found = [(path, list(files([path]))) for path in paths]
    empty = [str(path) for path, inside in found if not inside]
    if empty:
        expected, cure = f"files to read: {listed(READERS)}", "name a file, or another folder"
        error = DataError(", ".join(empty), "folder", expected=expected, found="none", cure=cure)
        if len(empty) == len(paths):
            raise error
        say(f"tpudb: {error}")
    return [path for _, inside in found for path in inside], bool(empty)


def _load(uri: str | None, found: list[Path], **options: Any) -> list[Outcome]:
    with open_db(uri, create=True) as db:
        return db.load(found, **options)


def _survey(uri: str | None, found: list[Path], **options: Any) -> list[Outcome]:
    from tpugraph_db.errors import NoStoreError
    from tpugraph_db.load import survey_files

    try:
        with open_db(uri) as db:
            return db.load(found, dry_run=True, **options)
    except NoStoreError:
        return survey_files(None, found, **options)


class _Progress:
    """Files, elements a second and time left, on stderr while it is a terminal."""

    def __init__(self, total: int) -> None:
        self._bar = progress("loading", "files  {task.fields[rate]} elements/s")
        self._task = self._bar.add_task("load", total=total, rate="0")
        self._seen: set[Path] = set()
        self._elements = 0
        self._started = time.monotonic()

    def __enter__(self) -> _Progress:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def advance(self, outcome: Outcome) -> None:
        self._seen.add(outcome.path)
        self._elements += outcome.elements
        rate = self._elements / max(time.monotonic() - self._started, 1e-9)
        self._bar.update(self._task, completed=len(self._seen), rate=f"{rate:,.0f}")


def _report(outcomes: list[Outcome], format_: str | None, output: Path | None) -> None:
    from tpugraph_db.stores.result import Result

    rows = [
        (o.status, o.graph or str(o.path), o.ops, o.edges, o.configs, o.config_nodes, o.reason)
        if o.ops
        else (o.status, o.graph or str(o.path), None, None, None, None, o.reason)
        for o in outcomes
    ]
    out.write(Result(_COLUMNS, rows, len(rows)), format_, output)


def _summary(outcomes: list[Outcome], seconds: float, dry_run: bool) -> None:
    statuses = Counter(outcome.status for outcome in outcomes)
    counted = ", ".join(f"{count} {status}" for status, count in statuses.items())
    elements = sum(outcome.elements for outcome in outcomes)
    rate = f"{elements:,} nodes and edges in {seconds:.1f} s" if not dry_run else "nothing written (--dry-run)"
    say(f"{counted}; {rate}")
    left = sum(outcome.configs - outcome.config_nodes for outcome in outcomes)
    if left:
        shown = sum(outcome.config_nodes for outcome in outcomes)
        text = f"{shown:,} of {shown + left:,} configurations are nodes; all are in the payload (--configs all)"
        say(text)
    say_unknown([outcome.unknown for outcome in outcomes])
