"""From a hot spot to its cause: what is on the terminal after each key. ``python -m tests.explore.cast`` writes it."""

from __future__ import annotations

from collections.abc import Callable

from tests.explore.driving import ROOT, SAMPLE
from tests.explore.terminal import explore

CAST = ROOT / "docs" / "explore-cast.txt"

STEPS = (
    ("enter", "the first of them, whom it takes from, whom it feeds", "producers"),
    ("p", "is it waited for? The critical path through it", "step"),
    ("5", "does it repeat? The block that it is in", "copy"),
    ("6", "what was measured: configurations, the fastest first, and how this op was laid out in each", "runtim"),
    ("w", "why is the best faster than the compiler's own?", "unexplained"),
    ("enter", "the first of two dots whose layouts explain most of it", "115 dot"),
)
"""A key, what it is for, and what is on the screen then."""

_RULE = "─" * 80


def record() -> str:
    """Run it, and write down every screen."""
    with explore(SAMPLE) as terminal:
        terminal.until(_settled("copies"))
        shots = [(f"$ tpudb explore {SAMPLE}", "where the flops are", terminal.marked)]
        for key, why, shown in STEPS:
            terminal.send(key)
            terminal.until(_settled(shown))
            shots.append((f"[{key}]", why, terminal.marked))
        terminal.send("q")
    return "".join(f"{_RULE}\n{f'{key}  {why}'.rstrip()}\n{_RULE}\n{text.rstrip()}\n" for key, why, text in shots)


def _settled(shown: str) -> Callable[[str], bool]:
    return lambda text: shown in text and "Esc cancels" not in text


if __name__ == "__main__":
    CAST.write_text(record(), encoding="utf-8")
