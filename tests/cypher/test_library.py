import pytest

from tpugraph_db.cypher.library import all_queries, find_query, load_file, parse
from tpugraph_db.cypher.named import Column, Parameter
from tpugraph_db.errors import DataError, NotFoundError

GOOD = """\
// The ops of an opcode.
//
// parameter opcode: string = "dot"   HLO opcode
//
// column op                          index
MATCH (o:Op {opcode: $opcode})
RETURN o.index AS op
ORDER BY op
"""


class TestFind:
    def test_by_name(self):
        query = find_query("hubs")
        assert query.name == "hubs"
        assert query.text.startswith("MATCH (g:Graph)")

    def test_an_unknown_name_says_what_was_meant(self):
        with pytest.raises(NotFoundError, match=r"no query 'hub'; did you mean hubs\?"):
            find_query("hub")

    def test_a_path_is_no_name(self):
        with pytest.raises(NotFoundError):
            find_query("../cypher/hubs")

    def test_all_are_sorted_by_name(self):
        names = [query.name for query in all_queries()]
        assert names == sorted(names)
        assert len(names) >= 14


@pytest.mark.parametrize("query", all_queries(), ids=lambda query: query.name)
class TestEveryQuery:
    def test_rows_come_in_one_order(self, query):
        assert "ORDER BY" in query.text[query.text.rindex("RETURN") :]

    def test_ops_are_reached_through_their_graph(self, query):
        # by its name an op is found in an index; only then its graph is asked for
        begin = "MATCH (o:Op {name: $name})" if query.name == "ops_by_name" else "MATCH (g:Graph"
        assert query.text.startswith(begin)
        assert "MATCH (g:Graph" in query.text

    def test_graphs_are_asked_for_alike(self, query):
        graph = [parameter for parameter in query.parameters if parameter.name == "graph"]
        assert graph or query.name == "graphs_overview"
        assert all(parameter.type == "string" for parameter in graph)


class TestFile:
    def test_a_good_one(self, tmp_path):
        (tmp_path / "mine.cypher").write_text(GOOD)
        query = load_file(tmp_path / "mine.cypher")
        assert (query.name, query.what) == ("mine", "The ops of an opcode.")
        assert query.parameters == (Parameter("opcode", "string", "HLO opcode", required=False, default="dot"),)
        assert query.columns == (Column("op", "index"),)
        assert query.text == "MATCH (o:Op {opcode: $opcode})\nRETURN o.index AS op\nORDER BY op"

    def test_windows_line_ends(self, tmp_path):
        (tmp_path / "mine.cypher").write_bytes(GOOD.replace("\n", "\r\n").encode())
        assert load_file(tmp_path / "mine.cypher") == parse("mine.cypher", "mine", GOOD)

    def test_one_that_is_not_there(self, tmp_path):
        with pytest.raises(DataError, match=r"nothing\.cypher: file: expected Cypher, UTF-8, found .*No such file"):
            load_file(tmp_path / "nothing.cypher")

    def test_one_that_is_not_text(self, tmp_path):
        (tmp_path / "binary.cypher").write_bytes(b"// \xff.")
        with pytest.raises(DataError, match=r"binary\.cypher: file: expected Cypher, UTF-8"):
            load_file(tmp_path / "binary.cypher")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("{opcode: $opcode}", "{opcode: $code}", "x.cypher:6: $code: expected a parameter line for it"),
        ("ORDER BY op", "ORDER BY op LIMIT $top", "x.cypher:8: $top: expected a parameter line for it"),
        ("{opcode: $opcode}", "{opcode: '$opcode'}", "x.cypher:3: parameter opcode: expected $opcode in the query"),
        ("AS op", "AS index", "x.cypher:7: RETURN: expected the columns of the header: op, found index"),
        ("o.index AS op", "o.index", "x.cypher:7: RETURN: expected the columns of the header: op, found ? ('?' has"),
        ("RETURN", "WITH", "x.cypher:6: RETURN: expected the columns of the header: op, found none"),
        ("// column", "// parameter", "x.cypher:5: header: expected 'parameter name: type"),
        (
            "// column op                          index\n",
            "",
            "x.cypher:6: RETURN: expected the columns of the header: it",
        ),
        ("MATCH (o", "LOAD CSV FROM 'x' AS l MATCH (o", "x.cypher: Cypher: expected a read, found"),
        ("MATCH (o", "MERGE (o", "x.cypher: Cypher: expected a read, found"),
    ],
)
def test_a_header_that_does_not_fit_its_text(old, new, message):
    assert old in GOOD
    with pytest.raises(DataError) as caught:
        parse("x.cypher", "x", GOOD.replace(old, new, 1))
    assert str(caught.value).startswith(message)
