"""shell."""

from __future__ import annotations

import os
import shutil
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tpugraph_db.cli import output as out
from tpugraph_db.cli.options import db_option, open_db
from tpugraph_db.cli.signals import handed_over
from tpugraph_db.cli.terminal import say, visible
from tpugraph_db.errors import QueryError, TpuGraphError, UsageError

if TYPE_CHECKING:
    from tpugraph_db.database import Database
    from tpugraph_db.shell.language import Action
    from tpugraph_db.shell.prompt import Prompt
    from tpugraph_db.shell.running import Runner
    from tpugraph_db.shell.session import Answer, Session
    from tpugraph_db.shell.vocabulary import Vocabulary
    from tpugraph_db.stores.result import Result


@click.command("shell")
@click.option("--write", is_flag=True, help="Let statements change the store.")
@click.option("--limit", type=click.IntRange(-1), default=100, show_default=True, help="Rows to show; -1 for all.")
@click.option("--timeout", type=float, default=0.0, help="Seconds after which the engine stops.  [default: none]")
@db_option
def shell_command(write: bool, limit: int, timeout: float, uri: str | None) -> None:
    """Ask interactively: Cypher, patterns, saved queries. Read-only unless --write; .help says what there is.

    Tab completes from the store, Ctrl-C stops a query, Ctrl-D leaves. docs/shell.md.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError(
            "a shell needs a terminal; statements from a file or a pipe are for tpudb query -f FILE (or -f -)"
        )
    with open_db(uri) as db, handed_over():
        from tpugraph_db.shell.running import Runner
        from tpugraph_db.shell.session import Session, Settings

        settings = Settings(limit=None if limit < 0 else limit, timeout=timeout or None)
        session, runner = Session(db, write=write, settings=settings), Runner(db.store)
        code: int | str | None = 0
        try:
            _talk(db, session, runner)
        except SystemExit as leave:
            code = leave.code
            raise
        finally:
            if runner.is_left():  # closing would wait for what the engine does not stop; what a store holds is whole
                sys.stdout.flush()
                os._exit(int(code or 0))


def _talk(db: Database, session: Session, runner: Runner) -> None:
    """Read and run until the user leaves; no error ends it."""
    from tpugraph_db.shell.vocabulary import Vocabulary

    vocabulary = Vocabulary(db)
    vocabulary.refresh_queries()
    vocabulary.refresh()
    prompt = _prompt(db, session, vocabulary)
    say(f"{db.store.location}: {'writing is on' if session.write else 'read-only'}; .help says what there is")
    try:
        while True:
            try:
                if _turn(prompt.read(), session, runner, vocabulary):
                    return
            except KeyboardInterrupt:
                continue  # of the line, or of rows on their way
            except EOFError:
                return
    finally:
        vocabulary.stop()


def _prompt(db: Database, session: Session, vocabulary: Vocabulary) -> Prompt:
    from tpugraph_db.shell.history import history_file
    from tpugraph_db.shell.prompt import Prompt

    try:
        history: Path | None = history_file(db.store)
    except OSError as error:
        say(f"no history is kept: {error.filename}: {error.strerror}")
        history = None
    return Prompt(session, vocabulary, history)


def _turn(text: str, session: Session, runner: Runner, vocabulary: Vocabulary) -> bool:
    """Run what is in a text, up to the first that fails; whether the user leaves."""
    from tpugraph_db.shell.language import ended

    action: Action | None = None
    try:
        for action in ended(text):
            answer = _run(action, session, runner)
            if answer.wrote:
                vocabulary.refresh()
            vocabulary.refresh_queries()
            if answer.ends:
                return True
    except Exception as error:
        _say_error(error, action)
    return False


def _run(action: Action, session: Session, runner: Runner) -> Answer:
    from tpugraph_db.shell.commands import perform

    started = time.monotonic()
    answer = runner.run(lambda: perform(session, action))
    took = time.monotonic() - started
    session.kept = answer.kept or session.kept
    _show(answer, session, took)
    return answer


def _show(answer: Answer, session: Session, took: float) -> None:
    if answer.text:
        for line in answer.text.splitlines():
            click.echo(visible(line))
    if answer.result is not None and answer.export is not None:
        out.write_rows(answer.result, None, answer.export)
        say(f"{_rows(answer.result)} in {answer.export}")
    elif answer.result is not None:
        _show_rows(answer.result, session.settings.mode)
        say(_ending(answer.result, took if session.settings.timing else None))
    for note in answer.notes:
        say(note)


def _show_rows(result: Result, mode: str) -> None:
    if not result.columns:
        return
    if mode != "table":
        out.write_rows(result, mode)
        return
    from tpugraph_db.shell.table import table

    lines, left_out = table(result, shutil.get_terminal_size().columns)
    click.secho(lines[0], bold=not os.environ.get("NO_COLOR"))
    for line in lines[1:]:
        click.echo(line)
    if left_out:
        say(f"columns that do not fit: {', '.join(left_out)} (.mode json shows them)")


def _ending(result: Result, took: float | None) -> str:
    if result.truncated:
        rows = f"{result.truncated} rows; .limit -1 shows all, .export FILE writes all"
    else:
        rows = _rows(result) if result.columns else "done"
    return rows if took is None else f"{rows}, {took:,.3f} s"


def _rows(result: Result) -> str:
    return "1 row" if len(result) == 1 else f"{len(result):,} rows"


def _say_error(error: Exception, action: Action | None) -> None:
    """In one line; whatever it is, the session goes on."""
    from tpugraph_db.patterns.errors import PatternError

    if isinstance(error, PatternError):
        for line in error.marked.splitlines():
            say(line)
    elif isinstance(error, QueryError) and error.line and error.column:
        _mark(getattr(action, "text", ""), error.line, error.column)
    ours = isinstance(error, (TpuGraphError, OSError))
    say(f"error: {error}" if ours else f"error: {type(error).__name__}: {error}")


def _mark(text: str, line: int, column: int) -> None:
    """The line of a statement that an engine stumbled over, and the place below it."""
    lines = text.split("\n")
    if line <= len(lines) and column <= len(lines[line - 1]) + 1:
        before = visible(lines[line - 1][: column - 1])
        say(before + visible(lines[line - 1][column - 1 :]))
        say(" " * len(before) + "^")
