"""The verb collect: a program is described, compiled under many layouts and measured, and all of it is one file."""

from __future__ import annotations

import hashlib
import importlib.util
import time
from collections.abc import Mapping
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from tpugraph_db.collect import work
from tpugraph_db.collect.crew import Crew
from tpugraph_db.collect.described import Described, describe
from tpugraph_db.collect.draw import Layouts, draw
from tpugraph_db.collect.interval import runtime
from tpugraph_db.collect.journal import Journal
from tpugraph_db.collect.measured import Best, Measured
from tpugraph_db.collect.profile import Profile, write_profile
from tpugraph_db.collect.result import Collected, write
from tpugraph_db.collect.settings import OnProgress, Settings
from tpugraph_db.collect.source import Source, parse
from tpugraph_db.collect.worker import Worker, WorkerDied
from tpugraph_db.errors import DataError, UsageError

BEST = "best"
"""The run in which the best meets the default again."""

BEST_ROUNDS = 5
"""How many times a run's rounds the best configuration is measured against the default: there are only two of them."""


def collect(
    source: str,
    output: str | Path,
    settings: Settings | None = None,
    *,
    resume: bool = False,
    profile: bool = False,
    on_progress: OnProgress = lambda work, done, total: None,
) -> Collected:
    """Measure ``PROGRAM.py:function`` under many layouts; the result is the file ``output`` (docs/collect.md).

    Whatever ends the process, what has been compiled and measured is kept in a folder beside ``output``, and
    ``resume`` goes on from there. ``profile`` makes a second graph: what the compiler made of the program when nothing
    was said, and how long each op of that takes.

    Raises:
        UsageError: jax is not installed, or an argument makes no sense.
        DataError: the program cannot be run or measured, ``output`` is there, or what is resumed was another program's.
    """
    if importlib.util.find_spec("jax") is None:
        raise UsageError("tpudb collect needs JAX: pip install 'tpugraph-db[jax]'")
    parsed, asked = parse(source), settings or Settings()
    folder = work.begin(Path(output), resume)
    with closing(Journal(folder / work.JOURNAL)) as journal:
        collection = _Collection(parsed, asked, folder, journal, on_progress)
        measured = collection.measure()
        profiled = collection.profile(Path(output), measured.described) if profile else None
        collected = write(Path(output), parsed, asked, measured, profiled)
    work.end(folder)
    return collected


class _Collection:
    def __init__(
        self, source: Source, settings: Settings, folder: Path, journal: Journal, on_progress: OnProgress
    ) -> None:
        self._source, self._settings, self._folder = source, settings, folder
        self._journal, self._on_progress = journal, on_progress
        self._inputs = ""
        self._last = time.monotonic()

    def measure(self) -> Measured:
        described, layouts = self._compile()
        self._expect_default(self._journal.compiled[0])
        kept = [n for n in range(len(layouts)) if self._journal.compiled[n]["status"] == "ok"]
        keys = [self._journal.compiled[number]["key"] for number in kept]
        distinct = list(dict.fromkeys(keys))
        executable = np.array([distinct.index(key) for key in keys], np.int64)
        names = [f"run {number}" for number in range(1, self._settings.runs + 1)]
        for name in names:
            self._run(name, distinct, self._settings.rounds)
        best = self._best(distinct, executable, names)
        self._lap()
        statuses = [outcome["status"] for outcome in self._journal.compiled.values()]
        return Measured(
            described=described,
            layouts=[layouts[number] for number in kept],
            executable=executable,
            runs=[self._journal.rounds(name, self._settings.rounds) for name in names],
            processes=[self._journal.processes[name] for name in names],
            refused={status: statuses.count(status) for status in sorted(set(statuses) - {"ok"})},
            best=best,
            seconds=self._journal.seconds,
        )

    def profile(self, output: Path, described: Described) -> Profile:
        """Profile the compiler's own choice in a process of its own, as a graph beside the output."""
        times = self._settings.rounds
        self._on_progress("profile", 0, 1)
        with self._hire(self._settings.core) as worker:
            try:
                reply = worker.ask(self._settings.timeout + times, do="profile", times=times)
            except WorkerDied as death:
                self._fail(death)
        self._on_progress("profile", 1, 1)
        return write_profile(output, self._source, reply, described.program)

    def _compile(self) -> tuple[Described, list[Layouts]]:
        """Compile what the journal does not have yet."""
        hire = {place: partial(self._hire, core) for place, core in enumerate(self._settings.places)}
        with Crew(hire, self._settings.timeout) as crew:
            described = self._describe(crew)
            layouts = draw(described.sites, self._settings.configs, self._settings.seed)
            todo = {number: choice for number, choice in enumerate(layouts) if number not in self._journal.compiled}
            self._lap()
            self._on_progress("compiling", len(layouts) - len(todo), len(layouts))
            for number, outcome in crew.compile(todo, described.default):
                share = (outcome.get("seconds", 0.0) + outcome.get("ran", 0.0)) / outcome.pop("asked")
                self._journal.compile(number, outcome)
                self._journal.spend("compiling", self._lap() * share)
                self._on_progress("compiling", len(self._journal.compiled), len(layouts))
        return described, layouts

    def _describe(self, crew: Crew) -> Described:
        try:
            described = describe(crew.first(), self._source, self._settings.timeout)
        except WorkerDied as death:
            self._fail(death)
        self._inputs = described.inputs
        program = {"hlo": hashlib.sha256(described.hlo.encode()).hexdigest(), "inputs": described.inputs}
        asked = {key: getattr(self._settings, key) for key in ("configs", "seed")}
        self._journal.begin(program | asked | described.facts)
        self._journal.spend("compiling", described.seconds)
        return described

    def _run(self, name: str, keys: list[str], rounds: int) -> None:
        """Measure the rounds that the journal does not have yet, in a process of their own."""
        todo = [number for number in range(rounds) if number not in self._journal.done(name)]
        self._on_progress(name, rounds - len(todo), rounds)
        if not todo:
            return
        patience = self._settings.timeout * len(keys)
        seed = [self._settings.seed, *name.encode()]
        with self._hire(self._settings.core) as worker:
            try:
                warm = worker.ask(patience, do="measure", keys=keys, rounds=todo, seed=seed)
                self._journal.process(name)
                self._journal.spend("measuring", warm["seconds"])
                for _ in todo:
                    reply = worker.reply(patience)
                    self._journal.round(name, reply["round"], reply["ns"])
                    self._journal.spend("measuring", reply["seconds"])
                    self._lap()
                    self._on_progress(name, len(self._journal.done(name)), rounds)
            except WorkerDied as death:
                self._fail(death)

    def _best(self, keys: list[str], executable: NDArray[np.int64], names: list[str]) -> Best | None:
        """Measure what was fastest over all runs once more; it may have been luck."""
        runs = [runtime(self._journal.rounds(name, self._settings.rounds)) for name in names]
        best = int(np.mean(runs, axis=0).argmin())
        if best == executable[0]:
            return None
        name, rounds = f"{BEST} {best}", BEST_ROUNDS * self._settings.rounds
        self._run(name, [keys[executable[0]], keys[best]], rounds)
        return Best(int((executable == best).argmax()), self._journal.rounds(name, rounds))

    def _lap(self) -> float:
        """Seconds since the last one, which the journal counts."""
        now = time.monotonic()
        lap, self._last = now - self._last, now
        self._journal.spend("total", lap)
        return lap

    def _expect_default(self, outcome: Mapping[str, Any]) -> None:
        if outcome["status"] != "ok":
            found = f"{outcome['status']}: {outcome['why']}"
            raise DataError(self._source.text, "default", expected="a program that compiles and runs", found=found)

    def _hire(self, core: int) -> Worker:
        asked = {"path": self._source.path, "function": self._source.function, "folder": str(self._folder)}
        asked["inputs"] = self._inputs
        return Worker(core, {**asked, "memory": self._settings.memory}, self._folder / work.LOG)

    def _fail(self, death: WorkerDied) -> NoReturn:
        """The program itself is too much, not one of its configurations."""
        bounds = {
            "too large": ("memory", f"a program that takes at most {self._settings.memory:,} bytes", "--memory"),
            "too slow": ("time", f"an answer within {self._settings.timeout:g} s", "--timeout"),
        }
        key, expected, option = bounds.get(death.status, ("program", "a program that runs", ""))
        cure = f"{option} raises the bound" if option else ""
        raise DataError(self._source.text, key, expected=expected, found=death.why, cure=cure) from death
