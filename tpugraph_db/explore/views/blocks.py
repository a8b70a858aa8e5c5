"""What the program does again and again."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widget import Widget

from tpugraph_db.explore.block_table import blocks_note, blocks_table, copies_table, copy_table, place_in_block
from tpugraph_db.explore.job import Job
from tpugraph_db.explore.opened import Opened
from tpugraph_db.explore.table import Table
from tpugraph_db.explore.views.figured import FIGURE_KEY, FigureView
from tpugraph_db.explore.widgets.grid import Grid
from tpugraph_db.explore.widgets.note import Note
from tpugraph_db.explore.widgets.sheet import Sheet

Place = tuple[int, int]
"""Number of a block, and of a copy."""


class Blocks(FigureView):
    """Repeated blocks; one that is open shows its copies, and the ops of the current copy."""

    NAME = "blocks"
    KEYS = (
        ("Enter", "open a block: its copies, and the ops of the current one; on an op: to the op"),
        ("Tab", "from the copies to the ops, and back"),
        ("Esc", "from a block back to the list"),
        FIGURE_KEY,
    )
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Back")]
    DEFAULT_CSS = """
    Blocks Horizontal { display: none; height: 1fr; }
    Blocks.-open Horizontal { display: block; }
    Blocks.-open Sheet { display: none; }
    Blocks #copies { width: 40%; }
    Blocks #ops { width: 1fr; margin-left: 1; }
    """

    block: int | None = None
    """The one that is open."""
    _of: Opened | None = None
    """The graph that is shown; another may have been opened since."""
    _copy: int | None = None
    """Whose ops are shown."""

    def compose(self) -> ComposeResult:
        yield Note()
        yield Sheet()
        with Horizontal():
            yield Grid(id="copies")
            yield Grid(id="ops")

    def wanted(self) -> Hashable:
        graph = self.session.graph
        return None if graph is None else (id(graph), self.session.by, self.session.op)

    def load(self, job: Job) -> Iterator[Table | Place]:
        graph, by, op = self.graph, self.session.by, self.session.op
        if not graph.has_figure(by):
            job.say(f"counting {by}")
            graph.figure(by)
        if not graph.has("blocks"):
            job.say("finding repeated blocks")
            graph.blocks()
        yield blocks_table(graph, by)
        place = None if op is None else place_in_block(graph, op)
        if place is not None:
            yield place

    def fill(self, found: Table | Place) -> None:
        if isinstance(found, tuple):
            self._open(*found)
            return
        self._of = self.graph
        self._listed.show(found)
        self._show_block(None)

    def words(self) -> list[object]:
        if self.session.graph is None:
            return []
        if self.block is not None and self._is_current:
            ops = self.session.graph.blocks()[self.block].copies.size
            return self.session.about("hot", "--filter", f"block={self.block}", "-n", ops)
        return self.session.about("blocks", "-n", len(self._listed.order))

    def focus_first(self) -> Widget | None:
        return self._listed if self.block is None else self._copies

    def choose(self, chosen: Grid.Chosen) -> None:
        if not self._is_current:
            return
        if chosen.grid is self._listed:
            self._open(int(chosen.grid.table.column("block").rank[chosen.row]))
        elif chosen.grid is self._copies:
            self._ops.focus()
        else:
            super().choose(chosen)

    def action_leave(self) -> None:
        """Stop what is being loaded, else back to the list."""
        if not self.cancel() and self.block is not None:
            self._show_block(None)

    def on_grid_moved(self, message: Grid.Moved) -> None:
        message.stop()
        copy, row = self._copies.row, self._ops.row
        if message.grid is self._copies and self._is_current and copy not in (None, self._copy):
            self._show_copy(self.block or 0, copy or 0)
            self._ops.go_to_row(row or 0)  # the same op of the other copy

    @property
    def _is_current(self) -> bool:
        return self._of is not None and self._of is self.session.graph

    @property
    def _listed(self) -> Grid:
        return self.query_one(Sheet).grid

    @property
    def _copies(self) -> Grid:
        return self.query_one("#copies", Grid)

    @property
    def _ops(self) -> Grid:
        return self.query_one("#ops", Grid)

    def _open(self, block: int, copy: int = 0) -> None:
        graph, by, op = self.graph, self.session.by, self.session.op
        self._show_block(block)
        self._copies.show(copies_table(graph, by, block))
        self._copies.go_to_row(copy)
        self._show_copy(block, copy)
        if op is not None and self._ops.go_to_op(op) and self.has_focus_within:
            self._ops.focus()

    def _show_copy(self, block: int, copy: int) -> None:
        self._copy = copy
        self._ops.show(copy_table(self.graph, self.session.by, block, copy))

    def _show_block(self, block: int | None) -> None:
        self.block = block
        self.set_class(block is not None, "-open")
        graph = self.graph
        if block is None:
            self.query_one(Note).say(blocks_note(graph))
        else:
            of = graph.blocks()[block]
            self.query_one(Note).say(f"block {block}: {of.size:,} ops, ×{of.count:,}; Tab: its copies, their ops")
        if self.has_focus_within and (first := self.focus_first()) is not None:
            first.focus()
        self.say_command()
