"""Keys and the mouse through the views, on the sample's file."""

from textual.widgets import Input

from tests.explore.driving import SAMPLE, drive
from tpugraph_db.explore.session import Session
from tpugraph_db.explore.widgets.grid import Grid
from tpugraph_db.explore.widgets.strip import Glance

GRAPH = "layout:cpu:random/test/gnn_convolution"


def grid(driver, view="hot"):
    return driver.app.query_one(f"#{view} Grid", Grid)


def command(driver):
    return driver.app.session.command(driver.app.view.words())


def cells(driver, column, count=3):
    found = grid(driver)
    return [found.table.column(column).text(int(row)) for row in found.order[:count]]


def test_opens_at_the_hot_spots():
    async def scenario(driver):
        assert driver.app.view.NAME == "hot"
        assert cells(driver, "op") == ["40", "47", "53"]
        assert GRAPH in driver.text
        assert command(driver) == f"tpudb hot --by flops -n 118 {SAMPLE}"

    drive(scenario, SAMPLE)


def test_sort_filter_and_the_command_for_it():
    async def scenario(driver):
        await driver.press("right", "s")
        assert cells(driver, "opcode") == ["add", "add", "add"]
        await driver.press("s")
        assert cells(driver, "opcode", 1) == ["tuple"]
        await driver.press("slash", *"dot block=0", "enter")
        assert len(grid(driver).order) == 12
        assert grid(driver).has_focus
        assert command(driver) == f"tpudb hot --by flops -n 12 --filter 'dot block=0' --sort opcode --reverse {SAMPLE}"
        await driver.press("slash", "escape")
        assert len(grid(driver).order) == 118

    drive(scenario, SAMPLE)


def test_groups_and_the_ops_of_one():
    async def scenario(driver):
        await driver.press("g")
        assert command(driver) == f"tpudb hot --by flops -n 16 --group opcode {SAMPLE}"
        assert cells(driver, "opcode", 1) == ["dot"]
        await driver.press("enter")
        assert driver.app.query_one("#hot Input", Input).value == "opcode=dot"
        assert set(cells(driver, "opcode", 99)) == {"dot"}
        await driver.press("g", "g")
        assert cells(driver, "block", 1) == ["0"]

    drive(scenario, SAMPLE)


def test_another_figure():
    async def scenario(driver):
        await driver.press("f", "end", "enter")
        assert driver.app.session.by == "fanout"
        assert grid(driver).table.names[3] == "fanout"
        await driver.press("f", "escape")
        assert driver.app.session.by == "fanout"

    drive(scenario, SAMPLE)


def test_to_an_op_and_along_the_graph():
    async def scenario(driver):
        await driver.press("down", "enter")
        assert (driver.app.view.NAME, driver.app.session.op) == ("op", 47)
        await driver.press("left", "down")
        assert driver.app.session.op == 47
        await driver.press("left")
        assert driver.app.session.op == 46
        await driver.press("right", "right", "right")
        assert driver.app.session.op == 47
        await driver.press("backspace")
        assert driver.app.session.op == 46
        await driver.press("backspace")
        assert driver.app.session.op == 47
        await driver.press("n")
        assert driver.app.session.op == 53
        await driver.press("N", "N")
        assert driver.app.session.op == 40
        assert command(driver) == f"tpudb near {SAMPLE} 40 -k 1"

    drive(scenario, SAMPLE)


def test_wider_surroundings_and_an_op_of_them():
    async def scenario(driver):
        await driver.press("enter", "w", "w")
        assert command(driver) == f"tpudb near {SAMPLE} 40 -k 3"
        distances = grid(driver, "op").table.column("distance").rank
        assert distances.max() == 3
        await driver.press("down", "enter")
        assert driver.app.session.op == int(grid(driver, "op").table.ops[1])
        assert "producers" in driver.text

    drive(scenario, SAMPLE)


def test_with_the_mouse_alone():
    async def scenario(driver):
        pilot = driver.pilot
        await pilot.click("#hot Grid", offset=(5, 3))
        assert grid(driver).at == 2
        await pilot.click("#hot Grid", offset=(5, 3), times=2)
        await driver.settle()
        assert (driver.app.view.NAME, driver.app.session.op) == ("op", 53)
        await pilot.click("#consumers", offset=(2, 1))
        await pilot.click("#consumers", offset=(2, 1))
        await driver.settle()
        assert driver.app.session.op == 59
        await pilot.click("#name-hot")
        await driver.settle()
        assert driver.app.view.NAME == "hot"
        await pilot.click("#hot Grid", offset=(6, 0))
        assert grid(driver).arrangement.sort == "opcode"

    drive(scenario, SAMPLE)


def test_the_program_at_a_glance_takes_clicks():
    async def scenario(driver):
        await driver.pilot.click("#hot Glance", offset=(79, 0))
        await driver.settle()
        assert grid(driver).op in (115, 116, 117)
        assert driver.app.query_one(Glance).op == grid(driver).op
        await driver.press("left_square_bracket")
        assert grid(driver).op < 116

    drive(scenario, SAMPLE)


def test_the_command_is_copied():
    async def scenario(driver):
        await driver.press("y")
        assert driver.app.clipboard == f"tpudb hot --by flops -n 118 {SAMPLE}"

    drive(scenario, SAMPLE)


def test_a_store_and_a_machine_that_were_named_are_in_the_command():
    assert Session("my store").command(["ls"]) == "tpudb ls --db 'my store'"
    words = Session(machine="tpu_v4", by="modelled").about("hot", "-n", 3)
    assert words == ["hot", "--by", "modelled", "--machine", "tpu_v4", "-n", 3, ""]


def test_help_says_the_view_s_keys():
    async def scenario(driver):
        await driver.press("question_mark")
        assert "another figure" in driver.text
        await driver.press("escape")
        assert "another figure" not in driver.text
        assert grid(driver).has_focus

    drive(scenario, SAMPLE)


def test_colour_by_a_column():
    async def scenario(driver):
        plain = grid(driver).render_line(2)
        await driver.press("right", "c")
        assert grid(driver).coloured == "opcode"
        coloured = grid(driver).render_line(2)
        assert plain.text == coloured.text
        assert [segment.style for segment in plain] != [segment.style for segment in coloured]
        await driver.press("c")
        assert grid(driver).coloured is None

    drive(scenario, SAMPLE)
