from pathlib import Path

import pytest

from tests.patterns.programs import EXAMPLES, ONCE, TWICE
from tpugraph_db.cypher.library import all_queries
from tpugraph_db.cypher.patterns.library import all_patterns, find_pattern, pattern_names, read
from tpugraph_db.errors import DataError
from tpugraph_db.hlo.vocabulary import OPCODES
from tpugraph_db.patterns.errors import PatternError

QUERIES = {"duplicated_constants"}


def test_every_one_has_a_graph_with_it_and_one_nearly():
    assert set(pattern_names()) == set(EXAMPLES) | QUERIES
    assert all(has.matches and not nearly.matches for has, nearly in EXAMPLES.values())
    assert TWICE != ONCE


@pytest.mark.parametrize("name", EXAMPLES)
def test_it_is_where_it_is_and_not_where_it_nearly_is(library, name):
    for kind, example in zip(("has", "nearly"), EXAMPLES[name], strict=True):
        found = library.match(name, graph=f"{name}-{kind}")
        assert len(found) == example.matches, found.rows
        assert all(None not in row[:2] for row in found.rows)


def test_duplicated_constants(library):
    columns = ("graph", "constants", "shape", "says", "times")
    has = library.match("duplicated_constants", graph="duplicated_constants-has")
    assert has.columns == columns
    assert has.rows == [(has.rows[0][0], ["one#0", "uno#1"], "f32[]", "constant(1)", 2)]
    assert library.match("duplicated_constants", graph="duplicated_constants-nearly").rows == []
    assert library.match("duplicated_constants", by="collection").rows == [("hlo:local", 1)]
    assert library.match("duplicated_constants", collection="layout:test:default", count=True).rows == [(0,)]


@pytest.mark.parametrize("one", all_patterns(), ids=lambda one: one.name)
class TestEveryOne:
    def test_its_header_is_whole(self, one):
        assert one.what.endswith(".")
        assert "─" in one.picture
        assert one.source

    def test_its_name_means_nothing_else(self, one):
        assert one.name not in OPCODES
        assert one.name not in {query.name for query in all_queries()}

    def test_it_is_found_by_name(self, one):
        assert find_pattern(one.name) is one


def test_the_documents_name_every_one():
    page = (Path(__file__).parents[2] / "docs" / "patterns.md").read_text(encoding="utf-8")
    assert [name for name in pattern_names() if f"| `{name}` |" not in page] == []


class TestFile:
    GOOD = "# What.\n#\n#     a -> b\n#\n# source: me,\n# myself\ndot\n  -> add\n"

    def test_a_good_one(self):
        one = read("mine.pattern", self.GOOD)
        assert (one.name, one.what, one.picture, one.source) == ("mine", "What.", "    a -> b", "me, myself")
        assert one.text == "dot -> add"

    @pytest.mark.parametrize(
        ("old", "said"), [("# What.", "one sentence"), ("#     a -> b\n", "picture"), ("# source: me,\n", "source")]
    )
    def test_what_its_header_lacks(self, old, said):
        with pytest.raises(DataError, match=rf"mine\.pattern: header: expected # lines with .*{said}"):
            read("mine.pattern", self.GOOD.replace(old, ""))

    def test_one_that_is_no_pattern(self):
        with pytest.raises(PatternError, match="'dott' is no opcode"):
            read("mine.pattern", self.GOOD.replace("dot\n", "dott\n"))
