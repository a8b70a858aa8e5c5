"""Measure the programs of programs/ into data/: ``python examples/collection.py [--configs N] [--rounds N] [NAME...]``.

A program is a file, in the folder of its family's split (families.toml). One that is there is not measured again, and
one that was interrupted goes on where it was; data/README.md is written anew after each.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE / "programs")]

from readme import write_readme  # noqa: E402

from tpugraph_db.collect.collection import collect  # noqa: E402
from tpugraph_db.collect.settings import Settings  # noqa: E402
from tpugraph_db.errors import TpuGraphError  # noqa: E402

DATA = HERE / "data"
FOLDER = DATA / "npz" / "layout" / "cpu" / "random"
"""As TpuGraphs lays its files: the collection is ``layout:cpu:random``."""

CONFIGS, ROUNDS = 160, 50
"""Every raw time is kept, and all programs together take less than 10 MB."""


@dataclass(frozen=True)
class Example:
    """One entry of a file's table PROGRAMS."""

    file: str
    name: str
    split: str

    @property
    def output(self) -> Path:
        """Where its collection goes."""
        return FOLDER / self.split / f"{self.name}.npz"


def examples() -> list[Example]:
    """Every program, by file and name."""
    with open(HERE / "families.toml", "rb") as file:
        split_of = {family: split for split, families in tomllib.load(file).items() for family in families}
    found = []
    for path in sorted((HERE / "programs").glob("[!_]*.py")):
        module = importlib.import_module(path.stem)
        found += [Example(str(path), name, split_of[module.FAMILY]) for name in module.PROGRAMS]
    return found


def main() -> int:
    """Measure what is asked for; 1 where a program is refused, which keeps no other from being measured."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("names", nargs="*", metavar="NAME")
    for name, default in {"configs": CONFIGS, "rounds": ROUNDS, "seed": Settings.seed, "jobs": Settings.jobs}.items():
        asked.add_argument(f"--{name}", type=int, default=default)
    words = vars(asked.parse_args())
    names = words.pop("names")
    known = {example.name: example for example in examples()}
    if unknown := [name for name in names if name not in known]:
        asked.error(f"no program is called {', '.join(unknown)}; there are {', '.join(known)}")
    chosen = [known[name] for name in names or known]
    refused = [not _measure(example, Settings(**words)) for example in chosen if not example.output.exists()]
    write_readme(DATA)
    return int(any(refused))


def _measure(example: Example, settings: Settings) -> bool:
    try:
        collected = collect(f"{example.file}:{example.name}", example.output, settings, resume=True)
    except TpuGraphError as error:
        print(error, file=sys.stderr)
        return False
    write_readme(DATA)
    facts = collected.facts
    counted = f"{facts['configurations']} configurations, {facts['executables']} distinct"
    print(f"{example.name}: {counted}, repeat_tau {facts['repeat_tau']}, {facts['seconds']['total']:.0f} s", flush=True)
    return True


if __name__ == "__main__":
    sys.exit(main())
