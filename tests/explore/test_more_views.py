"""Path, Blocks and Configs by their keys, on the sample and on literal graphs."""

from tests import graphs
from tests.analytics.made import layers
from tests.analytics.measured import known_effects
from tests.explore.driving import SAMPLE, drive
from tests.explore.test_faults import Given
from tpugraph_db.explore.opened import Opened
from tpugraph_db.explore.widgets.ask import Ask
from tpugraph_db.explore.widgets.grid import Grid
from tpugraph_db.explore.widgets.note import Note


def cells(driver, column, grid="Grid"):
    found = driver.app.view.query_one(grid, Grid)
    return [found.table.column(column).text(int(row)) for row in found.order]


def command(driver):
    return driver.app.session.command(driver.app.view.words())


def test_path_its_neighbours_slack_and_the_way_to_an_op():
    async def scenario(driver):
        await driver.press("4")
        assert command(driver) == f"tpudb path --by flops {SAMPLE}"
        assert len(cells(driver, "op")) == 35
        await driver.press("plus")
        assert command(driver) == f"tpudb path --by flops -k 2 {SAMPLE}"
        assert set(cells(driver, "path")) == {"0", "1"}
        await driver.press("x")
        assert command(driver) == f"tpudb path --by flops --slack -n 94 {SAMPLE}"
        assert cells(driver, "slack")[:36] == ["0"] * 36
        await driver.press("x", "down", "t", *"24", "enter")  # from the second op of the path
        assert command(driver) == f"tpudb path --by flops --from 24 --to 40 {SAMPLE}"
        assert cells(driver, "op") == ["24", "40"]
        await driver.press("t", "t", *"nosuch", "enter")
        assert not driver.app.query_one(Ask).display
        assert "has no op 'nosuch'" in driver.text
        await driver.press("down", "enter")  # after 40, on which one still stands
        assert (driver.app.view.NAME, driver.app.session.op) == ("op", 46)

    drive(scenario, SAMPLE)


def test_path_of_the_computation_that_one_is_in():
    async def scenario(driver):
        driver.app.go_op(4)
        await driver.press("p")
        assert driver.app.view.NAME == "path"
        assert cells(driver, "op") == ["3", "4"]
        assert driver.app.view.query_one(Grid).op == 4
        assert command(driver) == "tpudb path --by flops --computation 1 g"
        await driver.press("e")
        assert command(driver) == "tpudb path --by flops g"
        driver.app.set_figure("fanout")
        await driver.settle()
        assert "fanout is no sum" in driver.text

    drive(scenario, "g", session=Given(graphs.lowered()))


def test_a_block_its_copies_and_the_ops_of_one():
    async def scenario(driver):
        await driver.press("5")
        assert command(driver) == f"tpudb blocks --by flops -n 3 {SAMPLE}"
        assert cells(driver, "copies") == ["×3", "×2", "×8"]
        await driver.press("enter")
        assert cells(driver, "first", "#copies") == ["39", "52", "63"]
        assert command(driver) == f"tpudb hot --by flops --filter block=0 -n 60 {SAMPLE}"
        await driver.press("down")
        assert cells(driver, "op", "#ops")[0] == "52"
        await driver.press("tab", "down", "tab", "down")
        assert driver.app.view.query_one("#ops", Grid).op == 64  # the same op of the other copy
        await driver.press("escape")
        assert command(driver) == f"tpudb blocks --by flops -n 3 {SAMPLE}"
        await driver.press("enter", "enter", "down", "enter")
        assert (driver.app.view.NAME, driver.app.session.op) == ("op", 40)
        driver.app.go_op(60)
        await driver.press("b")  # opens the op's block, at its copy, on it
        assert driver.app.view.query_one("#copies", Grid).at == 1
        assert driver.app.view.query_one("#ops", Grid).op == 60

    drive(scenario, SAMPLE)


def test_two_configurations_and_why():
    async def scenario(driver):
        await driver.press("6")
        assert command(driver) == "tpudb configs --top 120 g"
        assert cells(driver, "is")[0] == "best"
        first = cells(driver, "config")[0]
        await driver.press("enter")  # the default, which is configuration 0, is what others are held against
        assert command(driver) == f"tpudb why --config {first} --vs 0 -n {len(cells(driver, 'part'))} g"
        await driver.press("escape", "space", "end", "space")
        last = cells(driver, "config")[-1]
        assert [mark for mark in cells(driver, "ij") if mark] == ["I", "J"]
        assert f"J {last}: 119 of 120 are faster" in driver.text
        await driver.press("w")
        assert command(driver).startswith(f"tpudb why --config {first} --vs {last} -n ")
        assert cells(driver, "part")[-1] == "again"
        assert "is unexplained" in driver.text
        await driver.press("enter")
        assert (driver.app.view.NAME, driver.app.session.op) == ("op", 1)
        await driver.press("6", "escape")
        assert [mark for mark in cells(driver, "ij") if mark] == ["I", "J"]  # still chosen
        assert "op 1" in driver.app.view.query_one(Grid).table.names
        await driver.press("v")
        assert command(driver).startswith("tpudb sensitivity -n ")
        assert driver.app.view.query_one(Grid).op == 1

    drive(scenario, "g", session=Given(known_effects()))


def test_no_configurations_and_tiles_say_so():
    async def none(driver):
        await driver.press("6", "space", "w", "v")
        assert "no configurations: tpudb collect measures" in driver.text
        assert command(driver) != ""

    async def tiles(driver):
        await driver.press("6", "v")
        assert "expected layouts of ops, found tile sizes" in driver.app.view.query_one(Note).render().plain
        assert command(driver) == "tpudb configs --top 3 g"  # what is still shown
        assert len(cells(driver, "config")) == 3

    drive(none, "g", session=Given(graphs.chain()))
    drive(tiles, "g", session=Given(graphs.two_computations()))


class Two(Given):
    """Opens ``made`` by its name, else the record."""

    def open(self, name):
        return Opened(name, known_effects()) if name == "made" else super().open(name)


def test_another_graph_is_opened_while_one_looks_at_a_block_or_at_configurations():
    async def scenario(driver):
        await driver.press("5", "enter")
        assert cells(driver, "first", "#copies") == ["2", "5", "8"]
        driver.app.go_graph("made", 3)
        await driver.settle()
        assert (driver.app.view.NAME, driver.app.session.op) == ("op", 3)
        blocks = driver.app.query_one("#blocks")
        blocks.choose(Grid.Chosen(blocks.query_one(Grid), 0, None))  # what is still shown is of the graph before
        assert "blocks --by" in " ".join(map(str, blocks.words()))
        await driver.press("5", "6", "space")
        assert [mark for mark in cells(driver, "ij") if mark] == ["I"]
        driver.app.go_graph("layers")
        await driver.settle()
        configs = driver.app.query_one("#configs")
        configs.action_mark()
        configs.action_why()
        await driver.press("6")
        assert "no configurations" in driver.text

    drive(scenario, "layers", session=Two(layers(3)))


def test_a_query_of_a_file_needs_a_store():
    async def scenario(driver):
        await driver.press("7", *"dot", "f5")
        assert "a query needs a store: /nowhere/store: no store is there" in driver.text
        assert "tpudb match dot" in driver.text
        await driver.press("end", *"tt", "f5")
        assert "pattern, column 1: 'dottt' is no opcode" in driver.app.view.query_one(Note).render().plain

    drive(scenario, SAMPLE, size=(120, 24))
