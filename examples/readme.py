"""data/README.md, from what the files of the collection say of themselves."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

LEAST_TAU, LEAST_SPREAD = 0.8, 0.03
"""A program that two runs order less alike than this, or whose runtimes hardly differ, is no judge of a model."""

HEAD = """\
# Layouts measured on a CPU

{programs} JAX programs ([../programs](../programs)), each under up to {configs} configurations of its ops' output
layouts, as TpuGraphs npz. Beside TpuGraphs' arrays a file has the HLO text, every raw time, and what it was measured on
([docs/collect.md](../../docs/collect.md)). Written by `make collection`, as is this page.

- Measured {dates} on {machines}.
- Each of {runs} runs is a process on one core: {rounds} rounds of all configurations in random order. A runtime is the
  lower quartile of a run's rounds; best, default and worst are the first run's, in ms.
- `repeat_tau` is Kendall's tau between the runs, `spread` the standard deviation of log runtime. `again` is the
  fastest configuration's time over the default's, measured once more in a process of their own, with its 95 % interval.
- The split of a family is fixed in [../families.toml](../families.toml).

| program | split | ops | configurable | configs | distinct | best | default | worst | again | repeat_tau | spread |
|---|---|---|---|---|---|---|---|---|---|---|---|
"""

TAIL = """
Kept out of judging, since repeat_tau is under {tau} or spread under {spread}: {unfit}.
"""


@dataclass(frozen=True)
class Row:
    """One file."""

    split: str
    name: str
    arrays: dict[str, Any]
    facts: dict[str, Any]

    @property
    def spread(self) -> float:
        """Standard deviation of log runtime."""
        return float(np.log(self.arrays["config_runtime"]).std())

    @property
    def fit(self) -> bool:
        """Whether a model may be judged by it."""
        return (self.facts["repeat_tau"] or 0.0) >= LEAST_TAU and self.spread >= LEAST_SPREAD

    @property
    def text(self) -> str:
        """Its line of the table."""
        runtime, best = self.arrays["config_runtime"] / 1e6, self.facts["best"]
        counts = (len(self.arrays["node_opcode"]), len(self.arrays["node_config_ids"]), len(runtime))
        times = [f"{time:.3f}" for time in (runtime.min(), runtime[0], runtime.max())]
        again = f"{best['ratio']:.3f} ({best['low']:.3f}-{best['high']:.3f})" if best else "-"
        tau = self.facts["repeat_tau"]
        agreement = "-" if tau is None else f"{tau:.3f}"
        measured = (self.facts["executables"], *times, again, agreement, f"{self.spread:.3f}")
        return f"| {' | '.join(map(str, (self.name, self.split, *counts, *measured)))} |"


def rows(folder: Path) -> list[Row]:
    """Every file below a folder, by split and name."""
    found = []
    for path in sorted(folder.rglob("*.npz")):
        with np.load(path) as file:
            arrays = {key: file[key] for key in ("node_opcode", "node_config_ids", "config_runtime", "collected")}
        facts = json.loads(bytes(arrays["collected"]))
        found.append(Row(path.parent.name, path.stem, arrays, facts))
    return found


def write_readme(folder: Path) -> None:
    """Write the page, where there is anything to say."""
    found = rows(folder)
    if not found:
        return
    unfit = [row.name for row in found if not row.fit]
    text = _head(found) + "\n".join(row.text for row in found) + "\n"
    text += TAIL.format(tau=LEAST_TAU, spread=LEAST_SPREAD, unfit=", ".join(unfit) or "none")
    (folder / "README.md").write_text(text)


def _head(found: list[Row]) -> str:
    settings = [row.facts["settings"] for row in found]
    dates = sorted({row.facts["date"] for row in found})
    return HEAD.format(
        programs=len(found),
        configs=max(setting["configs"] for setting in settings),
        runs=_one_or_more(setting["runs"] for setting in settings),
        rounds=_one_or_more(setting["rounds"] for setting in settings),
        dates=dates[0] if len(dates) == 1 else f"{dates[0]} to {dates[-1]}",
        machines="; ".join(sorted({_machine(row.facts["machine"]) for row in found})),
    )


def _machine(facts: dict[str, Any]) -> str:
    processor = f"{facts['processor']} ({facts['machine']}, {facts['cores']} cores, {facts['affinity']} used)"
    return f"{facts['backend']}: {processor}, {facts['system']}, jax {facts['jax']}, jaxlib {facts['jaxlib']}"


def _one_or_more(values: Any) -> str:
    return " or ".join(map(str, sorted(set(values))))
