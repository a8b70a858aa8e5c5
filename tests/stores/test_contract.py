"""A third engine is one more file: the interface says all that the rest of the program and this suite ask of one."""

import ast
import inspect
from pathlib import Path

import pytest

from tests.conftest import ENGINES
from tpugraph_db.stores import arcadedb, neo4j, served, values
from tpugraph_db.stores.base import Cursor, Store

HERE = Path(__file__).parent
STORES = (arcadedb.ArcadeStore, neo4j.Neo4jStore, served.ServedStore)
OF_ONE_ENGINE = {
    "test_arcadedb.py",
    "test_arcadedb_indexes.py",
    "test_neo4j.py",
    "test_neo4j_load.py",
    "test_served.py",
    "test_contract.py",
}
SUITE = sorted(path for path in HERE.rglob("*.py") if path.name not in OF_ONE_ENGINE)


class Answers(Store):
    """The least that is an engine: it knows one answer."""

    engine = "answers"
    location = "nowhere"
    batch_elements = 1
    hubs_go_first = False

    def read(self, text, parameters, timeout):
        return self._answer()

    def write(self, statements, timeout=None, fence=None):
        raise NotImplementedError

    def apply_schema(self):
        raise NotImplementedError

    def add_graphs(self, graphs, owner):
        raise NotImplementedError

    def set_properties(self, parts, before=(), after=(), fence=None):
        raise NotImplementedError

    def close(self):
        raise NotImplementedError

    def _answer(self):
        from contextlib import nullcontext

        return nullcontext(Cursor(("n",), iter([(42,), (43,)])))


def public(kind):
    return {name for name in dir(kind) if not name.startswith("_")}


@pytest.mark.parametrize("store", STORES)
def test_an_engine_has_the_interface_and_no_more(store):
    assert not inspect.isabstract(store)
    assert public(store) == public(Store) | {"engine", "batch_elements", "hubs_go_first"}
    assert store.engine in ENGINES


def test_a_third_engine_brings_six_methods():
    assert Store.__abstractmethods__ == {"read", "write", "apply_schema", "add_graphs", "set_properties", "close"}
    result = Answers().query("MATCH (n) RETURN n", limit=1)
    assert (result.columns, result.rows, result.truncated) == (("n",), [(42,)], "showing 1 of 2")


def test_what_is_common_needs_no_engine():
    with pytest.raises(Exception, match="a read cannot begin with CREATE"):
        Answers().query("CREATE (n)")
    with pytest.raises(Exception, match="the statement is empty"):
        Answers().query(" // nothing")


@pytest.mark.parametrize("path", SUITE, ids=lambda path: path.name)
def test_the_suite_asks_for_nothing_beside_the_interface(path):
    """No test names an engine, and of a store only what the interface has is used."""
    tree = ast.parse(path.read_text())
    of_store = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute) and node.value.attr == "store"
    }
    assert of_store <= public(Store) | {"payload_folder", "location", "engine", "batch_elements", "hubs_go_first"}
    names = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    assert not names & set(ENGINES)


def test_values_know_no_engine():
    imported = {
        node.module for node in ast.walk(ast.parse(inspect.getsource(values))) if isinstance(node, ast.ImportFrom)
    }
    assert not any("neo4j" in str(name) or "arcadedb" in str(name) for name in imported)
