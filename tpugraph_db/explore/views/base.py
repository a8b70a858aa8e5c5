"""What a view gets from the application; :mod:`tpugraph_db.explore.views` says what it owes."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual.containers import Vertical
from textual.message import Message
from textual.widget import Widget

from tpugraph_db.explore.job import Job
from tpugraph_db.explore.opened import Opened
from tpugraph_db.explore.session import Session
from tpugraph_db.explore.widgets.grid import Grid

if TYPE_CHECKING:
    from tpugraph_db.explore.going import Going


class View(Vertical):
    """One screen's worth about the graph."""

    NAME: ClassVar[str]
    """Its id, and with a capital its title."""
    KEYS: ClassVar[Sequence[tuple[str, str]]] = ()
    """Its own keys, and what they do."""

    class Found(Message):
        """A piece of what a job yields."""

        def __init__(self, job: Job, found: Any) -> None:
            super().__init__()
            self.job, self.found = job, found

    class Ended(Message):
        """A job is over."""

        def __init__(self, job: Job, error: Exception | None) -> None:
            super().__init__()
            self.job, self.error = job, error

    class Changed(Message):
        """What the application shows of the view (its command line, job, error) has changed."""

    def __init__(self, session: Session) -> None:
        super().__init__(id=self.NAME)
        self.session = session
        self.job: Job | None = None
        """What is being loaded."""
        self.error: Exception | None = None
        """Why the last load failed."""
        self._shown: Hashable = None

    def wanted(self) -> Hashable:
        """What is to be shown; None: nothing yet."""
        raise NotImplementedError

    def load(self, job: Job) -> Iterator[Any]:
        """Find it, in a thread."""
        raise NotImplementedError

    def fill(self, found: Any) -> None:
        """Show a piece of it."""
        raise NotImplementedError

    def words(self) -> list[object]:
        """The command line that gives the same; empty: there is none yet."""
        raise NotImplementedError

    def focus_first(self) -> Widget | None:
        """What gets the focus when the view comes to the front."""
        return next(iter(self.query(Grid)), None)

    @property
    def going(self) -> Going:
        """The application, as a view knows it."""
        return cast("Going", self.app)

    @property
    def graph(self) -> Opened:
        """The graph that is open; only where ``wanted`` was not None."""
        if self.session.graph is None:
            raise RuntimeError("no graph is open")
        return self.session.graph

    def update(self, *, again: bool = False) -> None:
        """Load what is wanted, unless it is there; ``again`` also then, with a store opened anew."""
        wanted = self.wanted()
        if wanted is None or (wanted == self._shown and not again):
            self.say_command()
            return
        self.cancel()
        self._shown, self.error = wanted, None
        self.job = Job(
            self.load,
            on_found=lambda job, found: self.post_message(self.Found(job, found)),
            on_end=lambda job, error: self.post_message(self.Ended(job, error)),
        ).start()
        self.say_command()

    def cancel(self) -> bool:
        """Stop loading; what is shown stays. Whether something was loading."""
        job, self.job = self.job, None
        if job is None:
            return False
        job.cancel()
        self._shown = None
        self.say_command()
        return True

    def say_command(self) -> None:
        """Have the application show the command line, the job and the error anew."""
        self.post_message(self.Changed())

    def on_view_found(self, message: Found) -> None:
        message.stop()
        if message.job is self.job:
            self.fill(message.found)

    def on_view_ended(self, message: Ended) -> None:
        message.stop()
        if message.job is self.job:
            self.job, self.error = None, message.error
            self.say_command()

    def on_grid_chosen(self, message: Grid.Chosen) -> None:
        message.stop()
        self.choose(message)

    def choose(self, chosen: Grid.Chosen) -> None:
        """Enter or a second click on a row: to its op, unless a view has something better to do."""
        if chosen.op is not None:
            self.going.go_op(chosen.op)
