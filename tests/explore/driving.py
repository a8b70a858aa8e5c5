"""The application without a terminal: keys in, lines of text out."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from textual import _wait
from textual.pilot import Pilot

from tpugraph_db.explore.app import Explorer
from tpugraph_db.explore.session import Session

ROOT = Path(__file__).parents[2]
SAMPLE = "examples/data/npz/layout/cpu/random/test/gnn_convolution.npz"
"""Of the repository's own collection; 118 ops, 160 configurations."""

_wait.SLEEP_GRANULARITY = 1 / 500
"""Seconds that Textual's pilot sleeps between looks whether all is done; of its own, 1/50, tests would only sleep."""

Driven = Callable[["Driver"], Awaitable[None]]


class Driver:
    """An application that runs, and its pilot."""

    def __init__(self, app: Explorer, pilot: Pilot[None]) -> None:
        self.app, self.pilot = app, pilot

    async def press(self, *keys: str) -> None:
        """Press keys, each when what the one before has begun is over."""
        for key in keys:
            await self.pilot.press(key)
            if self.app.is_busy:
                await self.settle()
        await self.settle()

    async def settle(self) -> None:
        """Wait until nothing is being loaded."""
        for _ in range(1_000):
            await self.pilot.pause()
            if not self.app.is_busy:
                break
            await asyncio.sleep(0.01)
        await self.pilot.pause()
        assert not self.app.is_busy

    @property
    def lines(self) -> list[str]:
        """What is on the screen."""
        return lines_of(self.app)

    @property
    def text(self) -> str:
        """The same as one text."""
        return "\n".join(self.lines)


def lines_of(app: Explorer) -> list[str]:
    """What is on the screen, spaces at the ends of lines left out."""
    return [strip.text.rstrip() for strip in app.screen._compositor.render_strips()]


def drive(
    scenario: Driven, graph: str | None = None, *, size: tuple[int, int] = (80, 24), session: Session | None = None
) -> None:
    """Run an application on a graph, and a scenario on it."""

    async def run() -> None:
        app = Explorer(Session() if session is None else session, graph)
        async with app.run_test(size=size) as pilot:
            driver = Driver(app, pilot)
            await driver.settle()
            await scenario(driver)

    asyncio.run(run())
