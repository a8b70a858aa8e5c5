"""Progress bars: on stderr, while it is a terminal, and gone when the work is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress


def progress(before: str = "{task.description}", after: str = "") -> Progress:
    """A bar with a text before and one after it, how much is done, and the time left."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    texts = [TextColumn(after)] if after else []
    return Progress(
        TextColumn(before),
        BarColumn(),
        MofNCompleteColumn(),
        *texts,
        TextColumn("left"),
        TimeRemainingColumn(),
        console=console,
        disable=not console.is_terminal,
        transient=True,
    )
