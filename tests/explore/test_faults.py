"""Graphs that are odd, names that are hostile, terminals that are small, work that is given up."""

import asyncio
import threading

import numpy as np
import pytest

from benchmarks.synthetic import make
from tests import graphs
from tests.explore.driving import SAMPLE, drive
from tpugraph_db.explore.app import Explorer
from tpugraph_db.explore.opened import Opened
from tpugraph_db.explore.session import Session
from tpugraph_db.explore.widgets.grid import Grid
from tpugraph_db.packed import Strings

HOSTILE = "\x1b[2J\x1b]0;x\x07[red]bold[/red][@click=app.quit]x[/]\u202e%"


class Given(Session):
    """Opens one record, whatever is asked for."""

    def __init__(self, record):
        super().__init__()
        self.record = record

    def open(self, name):
        return Opened(name, self.record)


def one_op():
    return graphs.make_record("one", [("parameter", "f32[]")], [])


def hostile():
    record = graphs.lowered()
    names = [f"{name}{HOSTILE}" for name in record.program.names]
    return record.replace(program=record.program.__class__(**{**vars(record.program), "names": Strings.of(names)}))


@pytest.mark.parametrize(
    ("record", "size"),
    [(one_op(), (80, 24)), (graphs.lowered(), (20, 5)), (graphs.chain(), (1, 1))],
)
def test_every_view_of_an_odd_graph_at_any_size_without_colour(record, size, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")

    async def scenario(driver):
        await driver.press("g", "g", "g", "g", "f", "escape", "right", "s", "c", "enter", "left", "right", "w", "n")
        await driver.press(*"1234567", "question_mark", "escape")
        await driver.pilot.resize_terminal(80, 24)
        while driver.app.screen.size != (80, 24):
            await driver.pilot.pause(0.01)
        await driver.press("3")
        assert driver.app.view.NAME == "op"
        assert f"{len(record):,} ops" in driver.text

    drive(scenario, "g", session=Given(record), size=size)


def test_resized_to_nearly_nothing_and_back_while_loading():
    async def run():
        app = Explorer(Session(), SAMPLE)
        async with app.run_test(size=(80, 24)) as pilot:
            for columns, rows in ((20, 5), (80, 24), (200, 60), (20, 5), (80, 24)):
                await pilot.resize_terminal(columns, rows)
            while app.is_busy or app.screen.size != (80, 24):
                await pilot.pause(0.01)
            await pilot.pause(0.1)
            lines = [strip.text for strip in app.screen._compositor.render_strips()]
            assert len(lines) == 24
            assert any("dot" in line for line in lines)

    asyncio.run(run())


def test_hostile_names_are_shown_and_do_nothing():
    async def scenario(driver):
        grid = driver.app.query_one("#hot Grid", Grid)
        for column in ("name", "opcode"):
            grid.at_column = grid.table.names.index(column)
            grid._show_column()
        await driver.press("end")
        await driver.press("enter")
        text = driver.text
        assert not any(ord(character) < 32 and character != "\n" for character in text)
        assert "\u202e" not in text
        assert r"\x1b[2J" in text
        assert "[red]bold[/red]" in text.replace("\n", "").replace(" ", "") or "[red]" in text
        await driver.press("2", "slash", *"[red]", "enter")
        assert len(grid.order) == len(driver.app.session.graph)

    drive(scenario, HOSTILE, session=Given(hostile()), size=(160, 40))


def test_a_job_is_said_and_given_up_and_begun_again():
    go, entered = threading.Event(), []

    class Slow(Opened):
        def figure(self, by):
            entered.append(by)
            if len(entered) == 1:
                go.wait(30)
            return super().figure(by)

        def has_figure(self, by):
            return False

    class Slowly(Given):
        def open(self, name):
            return Slow(name, self.record)

    async def run():
        app = Explorer(Slowly(graphs.diamond()), "g")
        async with app.run_test(size=(80, 24)) as pilot:

            def text():
                return "\n".join(strip.text for strip in app.screen._compositor.render_strips())

            while "counting flops …" not in text():
                await pilot.pause(0.02)
            assert "convolution" in text()
            assert "Esc cancels" in text()
            await pilot.press("escape")
            await pilot.pause()
            assert not app.is_busy
            assert "Esc cancels" not in text()
            assert "convolution" in text()
            go.set()
            await pilot.press("r")
            while app.is_busy:
                await pilot.pause(0.02)
            await pilot.pause()
            assert "flops" in app.query_one("#hot Grid", Grid).table.names

    asyncio.run(run())


def test_an_error_in_a_view_is_a_banner():
    class Broken(Opened):
        def figure(self, by):
            raise ValueError("[red]no such[/] \x1b[2J thing")

    class Breaking(Given):
        def open(self, name):
            return Broken(name, self.record)

    async def scenario(driver):
        assert r"r retries: [red]no such[/] \x1b[2J thing" in driver.text
        assert "convolution" in driver.text

    drive(scenario, "g", session=Breaking(graphs.diamond()))


def test_a_file_that_cannot_be_read(tmp_path):
    path = tmp_path / "x.npz"
    path.write_bytes(b"PK nothing")

    async def scenario(driver):
        assert "r retries" in driver.text
        path.write_text("")

    drive(scenario, str(path), size=(200, 24), session=Session(str(tmp_path / "none")))


def test_no_more_is_made_than_is_on_the_screen():
    record = make("large", 20_000, 0, 0)
    graph = Opened("g", record)
    made = []

    class Counted(Grid):
        def _row(self, at):
            made.append(at)
            return super()._row(at)

    from textual.app import App

    from tpugraph_db.explore.hot_table import plain_table

    class OneGrid(App[None]):
        def compose(self):
            yield Counted()

    async def run():
        app = OneGrid()
        async with app.run_test(size=(80, 24)) as pilot:
            grid = app.query_one(Counted)
            grid.show(plain_table(graph))
            await pilot.press("end")
            await pilot.pause()
            assert grid.op == 19_999
            assert "19999" in "\n".join(strip.text for strip in app.screen._compositor.render_strips())
            assert len(made) < 500

    asyncio.run(run())


def test_hubs_are_no_slower_to_look_at():
    consumers = 3_000
    record = graphs.make_record(
        "hub", [("parameter", "f32[]")] + [("negate", "f32[]")] * consumers, [(op, 0) for op in range(1, consumers + 1)]
    )

    async def scenario(driver):
        await driver.press("slash", *"parameter", "enter", "enter", "right", *["down"] * 5)
        assert "consumers 3,000" in driver.text
        await driver.press("right")
        assert driver.app.session.op == 6

    assert np.bincount(record.edges[:, 1])[0] == consumers
    drive(scenario, "g", session=Given(record))
