"""The command line that a view shows gives what the view shows."""

import json

import pytest

from tests.explore.driving import SAMPLE, drive
from tpugraph_db.cli import tpudb
from tpugraph_db.cli.run import run
from tpugraph_db.explore.widgets.grid import Grid


def shown(keys, column):
    """The command line after some keys, and a column of what has the focus."""
    found = []

    async def scenario(driver):
        await driver.press(*keys)
        grid = driver.app.focused
        assert isinstance(grid, Grid)
        values = grid.table.column(column).rank[grid.order]
        found.append((driver.app.view.words(), values[values == values].astype(int).tolist()))

    drive(scenario, SAMPLE)
    return found[0]


@pytest.mark.parametrize(
    ("keys", "column"),
    [
        (["4", "plus", "plus"], "op"),
        (["4", "x"], "op"),
        (["4", "down", "t", "2", "4", "enter"], "op"),
        (["5"], "block"),
        (["6"], "config"),
        (["6", "end", "w"], "op"),
        (["6", "v"], "op"),
    ],
)
def test_the_same_rows(keys, column, capfd):
    words, values = shown(keys, column)
    capfd.readouterr()
    assert run(tpudb, [*map(str, words), "--format", "json"]) == 0
    rows = json.loads(capfd.readouterr().out)
    assert [row[column] for row in rows if row[column] is not None] == values
    assert values


def test_the_ops_of_a_block(capfd):
    words, _ = shown(["5", "enter"], "copy")
    capfd.readouterr()
    assert run(tpudb, [*map(str, words), "--format", "json"]) == 0
    rows = json.loads(capfd.readouterr().out)
    assert {row["block"] for row in rows} == {0}
    assert len(rows) == 3 * 20
