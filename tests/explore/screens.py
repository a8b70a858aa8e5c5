"""Screens that are kept as text, and what shows them. ``python -m tests.explore.screens`` writes them anew."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from tests.explore.driving import ROOT, SAMPLE, Driver, drive

FOLDER = Path(__file__).with_name("screens")

SCREENS: dict[str, Sequence[str]] = {
    "hot": (),
    "hot-by-opcode": ("g",),
    "hot-filtered": ("slash", *"transpose", "enter"),
    "hot-figures": ("f",),
    "op": ("enter", "right"),
    "op-wider": ("enter", "w"),
    "path": ("4",),
    "path-slack": ("4", "x"),
    "blocks": ("5",),
    "block": ("5", "enter", "down"),
    "configs": ("6", "space", "end", "space"),
    "why": ("6", "space", "end", "space", "w"),
    "sensitivity": ("6", "v"),
    "query": ("7", "d", "o", "t", "space", "minus", "f5"),
    "help": ("question_mark",),
}
"""Keys on the sample's hot spots, at 80x24."""


def screen(keys: Sequence[str], size: tuple[int, int] = (80, 24)) -> str:
    """What is shown after some keys."""
    shown = []

    async def scenario(driver: Driver) -> None:
        await driver.press(*keys)
        shown.append(driver.text)

    drive(scenario, SAMPLE, size=size)
    return shown[0] + "\n"


def path(name: str) -> Path:
    """Where it is kept."""
    return FOLDER / f"{name}.txt"


if __name__ == "__main__":
    os.chdir(ROOT)
    for name, keys in SCREENS.items():
        path(name).write_text(screen(keys), encoding="utf-8")
