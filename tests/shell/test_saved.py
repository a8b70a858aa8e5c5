"""Saved queries are files with the library's header; what cannot be one is said."""

import pytest

from tpugraph_db.errors import DataError, ExistsError, NotFoundError, UsageError
from tpugraph_db.shell import saved

TEXT = "MATCH (o:Op {opcode: $op}) WHERE o.index < $last\nRETURN o.graph AS graph, count(*) AS ops ORDER BY ops;"


def test_a_saved_query_is_found_listed_run_and_dropped(home):
    path = saved.save("Mine", TEXT, what="How many of one opcode", params={"op": "dot", "last": 9, "other": None})
    assert path == home / "data" / "tpugraph-db" / "queries" / "Mine.cypher"
    assert path.read_text() == (
        "// How many of one opcode.\n//\n"
        '// parameter op: string = "dot"  as it was when this was saved\n'
        "// parameter last: int = 9  as it was when this was saved\n"
        "// column graph  as it is returned\n// column ops  as it is returned\n" + TEXT[:-1] + "\n"
    )
    query = saved.find("Mine")
    assert query.bind({"last": 3}) == {"op": "dot", "last": 3}
    assert list(saved.saved()) == ["Mine"]
    with pytest.raises(ExistsError, match="a query Mine is saved already"):
        saved.save("Mine", "RETURN 1 AS one")
    saved.save("Mine", "RETURN 1 AS one", replace=True)
    assert [column.name for column in saved.find("Mine").columns] == ["one"]
    saved.drop("Mine")
    assert saved.saved() == {}
    with pytest.raises(NotFoundError, match="no saved query 'Mine'"):
        saved.drop("Mine")


def test_a_query_of_the_library_is_found_too():
    assert saved.find("hubs").name == "hubs"
    with pytest.raises(NotFoundError, match="no query 'hub'; did you mean hubs"):
        saved.find("hub")


@pytest.mark.parametrize(
    ("name", "text", "params", "said"),
    [
        ("../x", "RETURN 1 AS one", {}, "expected letters, digits and _, a letter first; found '../x'"),
        ("hubs", "RETURN 1 AS one", {}, "hubs is a query of the library"),
        ("q", "RETURN count(*)", {}, "every column needs a plain name"),
        ("q", "RETURN $a AS one", {}, r"\$a has no value, which says its type; give it one: .param a VALUE"),
        ("q", "RETURN $a AS one", {"a": {"b": 1}}, r"\$a: a query takes int, float, string, bool and lists"),
        ("q", "RETURN $A AS one", {"A": 1}, "begins with a small letter"),
    ],
)
def test_what_cannot_be_saved(name, text, params, said):
    with pytest.raises(UsageError, match=said):
        saved.save(name, text, params=params)
    assert saved.saved() == {}


def test_a_write_cannot_be_saved():
    with pytest.raises(DataError, match="expected a read"):
        saved.save("q", "CREATE (n) RETURN n.x AS one")


def test_a_damaged_file_hides_no_other(home):
    saved.save("good", "RETURN [1, 2] AS one", params={})
    (saved.folder() / "bad.cypher").write_text("RETURN 1")
    found = saved.saved()
    assert isinstance(found["bad"], DataError)
    assert found["good"].text == "RETURN [1, 2] AS one"


def test_a_sentence_cannot_leave_its_comment():
    saved.save("q", "RETURN 1 AS one", what="x\nMATCH (n) \x1b[2J")
    assert saved.find("q").what == r"x\nMATCH (n) \x1b[2J."
