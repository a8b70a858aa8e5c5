"""collect."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tpugraph_db.cli import output as out
from tpugraph_db.cli.options import Bytes, db_option, open_db
from tpugraph_db.cli.progress import progress
from tpugraph_db.cli.terminal import say

if TYPE_CHECKING:
    from tpugraph_db.collect.result import Collected

_POSITIVE = click.IntRange(min=1)


@click.command("collect")
@click.argument("program", metavar="PROGRAM.py:FUNCTION")
@click.option("--configs", type=click.IntRange(min=2), default=200, show_default=True, help="Configurations to draw.")
@click.option("--rounds", type=_POSITIVE, default=100, show_default=True, help="How often a run measures each.")
@click.option("--runs", type=_POSITIVE, default=2, show_default=True, help="Processes that measure, one after another.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Of what is drawn.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="[default: FUNCTION.npz]")
@click.option("--resume", is_flag=True, help="Go on with a collection that was interrupted.")
@click.option("--jobs", type=_POSITIVE, help="Processes that compile.  [default: one a core]")
@click.option(
    "--timeout", type=click.FloatRange(min=1), default=120, show_default=True, help="Seconds a configuration may take."
)
@click.option("--memory", type=Bytes(), default="8g", show_default=True, help="Memory that a process may take.")
@click.option("--profile", is_flag=True, help="Also profile the default, op by op, in another graph.")
@click.option("--load", is_flag=True, help="Put the collection into the store too.")
@click.option("--collection", help="Its collection in the store.  [default: layout:local]")
@db_option
@click.option("--format", "format_", type=click.Choice(out.FORMATS), help="How the row is written.  [default: table]")
def collect_command(
    program: str,
    output: Path | None,
    resume: bool,
    profile: bool,
    load: bool,
    collection: str | None,
    uri: str | None,
    format_: str | None,
    jobs: int | None,
    **asked: Any,
) -> None:
    """Measure a JAX program under many layouts, on this machine; the result is a TpuGraphs npz.

    FUNCTION takes nothing and returns a JAX function and a tuple of arguments. Layouts of the outputs of dots,
    convolutions, reshapes and transposes are drawn at random, compiled, checked against the default's results, and
    timed on one core.
    """
    from tpugraph_db.collect.collection import collect
    from tpugraph_db.collect.settings import Settings

    path = output or Path(f"{program.rpartition(':')[2]}.npz")
    with _Progress() as progress:
        settings = Settings(jobs=jobs or 0, **asked)
        collected = collect(program, path, settings, resume=resume, profile=profile, on_progress=progress.advance)
    _report(collected, format_)
    if load:
        _load(uri, collected, collection)


class _Progress:
    """What is being done, and how long it will take, on stderr while it is a terminal."""

    def __init__(self) -> None:
        self._bar = progress()
        self._tasks: dict[str, Any] = {}

    def __enter__(self) -> _Progress:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def advance(self, work: str, done: int, total: int) -> None:
        """Called by the library after each configuration and each round."""
        if work not in self._tasks:
            self._tasks[work] = self._bar.add_task(work, total=total, completed=done)
        self._bar.update(self._tasks[work], completed=done, total=total)


def _report(collected: Collected, format_: str | None) -> None:
    from tpugraph_db.stores.result import Result

    record, facts = collected.record, collected.facts
    configs = record.configurations
    tau = facts["repeat_tau"]
    row = {
        "file": str(collected.path),
        "graph": record.id,
        "ops": len(record),
        "configurable_ops": len(record.configurable_ops),
        "configs": len(configs),
        "executables": facts["executables"],
        "best_ns": int(configs.runtime_ns.min()),
        "default_ns": int(configs.runtime_ns[0]),
        "worst_ns": int(configs.runtime_ns.max()),
        "repeat_tau": None if tau is None else round(tau, 3),
    }
    out.write(Result(tuple(row), [tuple(row.values())], 1), format_, None)
    say(_refused(facts["refused"]))
    say(_best(facts["best"]))
    if facts["profile"]:
        say(_profile(facts["profile"]))


def _refused(refused: dict[str, int]) -> str:
    if not refused:
        return "every configuration compiled and gave the default's results"
    return "left out: " + ", ".join(f"{count} {status}" for status, count in refused.items())


def _best(best: dict[str, Any] | None) -> str:
    if best is None:
        return "no configuration was faster than the default"
    interval = f"95 % interval {best['low']:.3f} to {best['high']:.3f}"
    fastest = f"the fastest, configuration {best['configuration']}"
    return f"{fastest}, measured once more: {best['ratio']:.3f} of the default's time, {interval}"


def _profile(profile: dict[str, Any]) -> str:
    total = f"{profile['total_ns'] / 1e6:.3f} ms in {profile['file']}"
    return f"profiled {total}; {profile['matched']:.1%} of it in ops named as before optimisation"


def _load(uri: str | None, collected: Collected, collection: str | None) -> None:
    profile = collected.facts["profile"]
    paths = [collected.path, *([collected.path.with_name(profile["file"])] if profile else [])]
    with open_db(uri, create=True) as db:
        outcomes = db.load(paths, collection=collection)
    for outcome in outcomes:
        say(f"{outcome.status} {outcome.graph}" + (f": {outcome.reason}" if outcome.reason else ""))
