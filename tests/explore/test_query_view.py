"""Cypher and patterns of a store, on each engine."""

import threading

from tests.explore.driving import drive
from tests.explore.test_store import DIAMOND, rows
from tpugraph_db.explore.session import Session
from tpugraph_db.explore.widgets.note import Note
from tpugraph_db.explore.widgets.prompt import Prompt
from tpugraph_db.stores.result import Result


def prompt(driver):
    return driver.app.query_one(Prompt)


def note(driver):
    return driver.app.view.query_one(Note).render().plain


async def ask(driver, text, key="enter"):
    prompt(driver).focus()
    prompt(driver).put(text)
    await driver.press(key)


def command(driver):
    return driver.app.session.command(driver.app.view.words())


def test_rows_lead_to_their_ops_in_their_graphs(store):
    async def scenario(driver):
        await driver.press("7")
        assert prompt(driver).has_focus
        await ask(driver, "MATCH (o:Op {graph: $graph}) RETURN o.opcode AS opcode, o ORDER BY o.index;")
        assert [row[0] for row in rows(driver, "query")] == ["parameter", "convolution", "dot", "add"]
        assert rows(driver, "query")[2][1] == "(op 2 dot)"
        assert note(driver).startswith("4 rows, ")
        text = "MATCH (o:Op {graph: $graph}) RETURN o.opcode AS opcode, o ORDER BY o.index"
        assert command(driver) == f"tpudb query '{text}' -p graph={DIAMOND} --db {store}"
        await driver.press("down", "down", "enter")
        assert (driver.app.view.NAME, driver.app.session.op) == ("op", 2)
        await driver.press("7")
        await ask(driver, "dot -> add")
        assert rows(driver, "query") == [["dot#2", "add#3"]]
        assert command(driver) == f"tpudb match 'dot -> add' {DIAMOND} --db {store}"
        await driver.press("f4")
        await ask(driver, "negate -> tanh")
        await driver.press("enter")
        assert driver.app.session.graph.record.name == "chain"
        assert (driver.app.view.NAME, driver.app.session.op) == ("op", 1)

    session = Session(store)
    try:
        drive(scenario, DIAMOND, session=session)
    finally:
        session.forget_database()


def test_what_is_wrong_is_said_and_history_comes_back(store):
    async def scenario(driver):
        await driver.press("7")
        await ask(driver, "CREATE (n:Op);")
        assert "a read cannot begin with CREATE" in note(driver)
        await ask(driver, "RETURN $none", "f5")
        assert "$none has no value" in note(driver)
        await ask(driver, "RETURN nothing AS n;")
        assert "r retries" in driver.text
        assert prompt(driver).has_focus
        prompt(driver).put("draft")
        await driver.press("up")
        assert prompt(driver).text == "RETURN nothing AS n;"
        await driver.press("up", "down", "down")
        assert prompt(driver).text == "draft"
        await driver.press("f2", "enter")
        assert "MATCH" in prompt(driver).text
        await driver.press("f5")
        assert command(driver).startswith("tpudb query -n ")
        assert rows(driver, "query")

    session = Session(store)
    try:
        drive(scenario, DIAMOND, session=session)
    finally:
        session.forget_database()


ENDLESS = "UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b WITH a, b WHERE a * b < 0 RETURN count(*) AS n;"


def test_the_engine_stops_what_never_ends(store):
    async def scenario(driver):
        await driver.press("7")
        prompt(driver).put(ENDLESS)
        await driver.pilot.press("enter")
        await driver.pilot.pause(0.5)
        job = driver.app.view.job
        await driver.press("escape")
        for _ in range(200):
            if job.is_over:
                break
            await driver.pilot.pause(0.05)
        assert job.is_over  # long before its 30 s
        assert job.seconds < 15

    session = Session(store)
    try:
        drive(scenario, DIAMOND, session=session)
    finally:
        session.forget_database()


class Endless(Session):
    """A store that never answers, unless it is stopped."""

    def __init__(self):
        super().__init__()
        self.let_go = threading.Event()
        self.asked = 0
        self.store = self

    def database(self):
        return self

    def stoppable(self, stop):
        return stop.by(self.let_go.set)

    def query(self, text, params, limit, timeout):
        self.asked += 1
        assert (limit, timeout) == (500, 30.0)
        self.let_go.wait(20)
        return Result(("late",), [(1,)], 1)

    def graphs(self):
        return Result(("id", "ops", "edges", "configs", "measured", "best_ns", "worst_ns"), [], 0)


def test_a_query_that_never_ends_is_stopped_and_not_asked_again():
    session = Endless()

    async def scenario(driver):
        await driver.press("7")
        prompt(driver).put("RETURN 1 AS late;")
        await driver.pilot.press("enter")
        await driver.pilot.pause(0.5)
        assert "it is stopped after 30 s" in driver.text
        await driver.press("escape")
        assert note(driver) == "stopped"
        assert session.let_go.wait(5)
        await driver.press("escape", "2", "7")
        assert rows(driver, "query") == []
        assert session.asked == 1

    drive(scenario, session=session)
