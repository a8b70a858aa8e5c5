"""Graphs of a store, on each engine; and a store that goes away."""

import pytest

import tpugraph_db
from tests import graphs
from tests.explore.driving import SAMPLE, drive
from tpugraph_db.errors import StoreError
from tpugraph_db.explore.session import Session
from tpugraph_db.explore.widgets.grid import Grid

DIAMOND = "layout:test:default/valid/diamond"


def rows(driver, view):
    grid = driver.app.query_one(f"#{view} Grid", Grid)
    return [[column.text(int(row)) for column in grid.table.columns] for row in grid.order]


def test_from_the_list_to_an_op_with_what_was_predicted(store):
    async def scenario(driver):
        assert [row[0].rsplit("/", 1)[1] for row in rows(driver, "graphs")] == ["chain", "diamond", "two"]
        assert driver.app.session.command(driver.app.view.words()) == f"tpudb ls --db {store}"
        await driver.press("down", "enter")
        assert driver.app.session.graph.record.id == DIAMOND
        assert rows(driver, "hot")[0][1] == "add"
        await driver.press("f", "end")
        assert "cost_share" in driver.text
        await driver.press("enter")
        assert driver.app.session.by == "cost_share"
        await driver.press("enter")
        assert "cost_rank" in driver.text
        assert driver.app.session.command(driver.app.view.words()).endswith(f"-k 1 --db {store}")
        await driver.press("1")
        assert driver.app.query_one("#graphs Grid", Grid).row == 1

    session = Session(store)
    try:
        drive(scenario, session=session)
    finally:
        session.forget_database()


def test_a_graph_that_is_not_there_is_said_beside_those_that_are(store):
    async def scenario(driver):
        assert "r retries: no graph 'diamont' among 3; did you mean diamond?" in driver.text
        assert len(rows(driver, "graphs")) == 3
        await driver.press("enter")
        assert "r retries" not in driver.text
        assert driver.app.view.NAME == "hot"

    session = Session(store)
    try:
        drive(scenario, "diamont", session=session)
    finally:
        session.forget_database()


def test_a_store_that_is_replaced_underneath(store, literal_files):
    async def scenario(driver):
        await driver.press("down", "enter")
        driver.app.session.database().remove(["diamond"])
        await driver.press("down")
        before = driver.text
        await driver.press("1", "r", "2")
        assert driver.text == before  # what was read of it is still there
        await driver.press("1")
        assert [row[0].rsplit("/", 1)[1] for row in rows(driver, "graphs")] == ["chain", "two"]

    session = Session(store)
    try:
        drive(scenario, session=session)
    finally:
        session.forget_database()
        with tpugraph_db.open(store) as db:
            db.load([literal_files])
            db.predict(["diamond"], write=True)


class Gone(Session):
    """A store that cannot be reached until it is there again."""

    there = False

    def database(self):
        if not self.there:
            raise StoreError("bolt://nowhere: cannot be reached")
        return Listed()


class Listed:
    def graphs(self):
        from tpugraph_db.stores.result import Result

        return Result(("id", "ops", "edges", "configs", "measured", "best_ns", "worst_ns"), [("g",) + (1,) * 6], 1)

    def close(self):
        pass


def test_a_store_that_goes_away_is_tried_again_and_nothing_is_lost():
    session = Gone()

    async def scenario(driver):
        await driver.press("down", "enter", "1")
        assert "r retries: bolt://nowhere: cannot be reached" in driver.text
        await driver.press("3")
        assert "r retries" not in driver.text
        assert "dot f32[16,64,64]" in driver.text
        await driver.press("1", "r")
        assert "r retries" in driver.text
        session.there = True
        await driver.press("r")
        assert "r retries" not in driver.text
        assert rows(driver, "graphs")[0][0] == "g"
        assert driver.app.session.op == 47

    drive(scenario, SAMPLE, session=session)


def test_no_store_yet(tmp_path):
    async def scenario(driver):
        assert "r retries" in driver.text
        assert "tpudb load" in driver.text

    drive(scenario, session=Session(str(tmp_path / "none")), size=(160, 24))


@pytest.mark.parametrize("record", [graphs.chain()], ids=["chain"])
def test_sessions_remember_where_one_was(record):
    session = Session()
    assert not session.back()
    for op in (3, 3, 1, 2):
        session.visit(op)
    assert session.back()
    assert session.op == 1
    assert session.back()
    assert not session.back()
    assert session.op == 3
