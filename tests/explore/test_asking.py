"""What is typed at the prompt, and the command line for it."""

import shlex

import pytest

from tpugraph_db.cypher.library import all_queries, find_query
from tpugraph_db.errors import UsageError
from tpugraph_db.explore.asking import is_whole, library, read
from tpugraph_db.patterns.errors import PatternError
from tpugraph_db.shell import saved

GRAPH = "layout:a/b/c"


def command(text, graph=GRAPH):
    return shlex.join(["tpudb", *map(str, read(text, graph).words)])


def test_a_pattern_is_asked_of_the_graph():
    asked = read("dot -> add", GRAPH)
    assert (asked.kind, asked.text, asked.graph) == ("pattern", "dot -> add", GRAPH)
    assert command(" match dot\n -> add ") == f"tpudb match 'dot -> add' {GRAPH}"
    assert command("dot -> add", None) == "tpudb match 'dot -> add'"
    assert command("softmax") == f"tpudb match softmax {GRAPH}"


def test_cypher_gets_the_graph_where_it_asks_for_it():
    text = "MATCH (o:Op {graph: $graph})\nRETURN o;"
    asked = read(text, GRAPH)
    assert (asked.kind, asked.parameters) == ("cypher", {"graph": GRAPH})
    assert command(text) == f"tpudb query 'MATCH (o:Op {{graph: $graph}}) RETURN o' -p graph={GRAPH}"
    assert read("RETURN 1", GRAPH).parameters == {}


def test_what_is_quoted_stays_as_it_is_and_survives_a_shell():
    text = "MATCH (o:Op {opcode: 'a  b'})\nRETURN o // $x\n;"
    words = shlex.split(command(text))
    assert words == ["tpudb", "query", "MATCH (o:Op {opcode: 'a  b'})\nRETURN o // $x"]


def test_lines_give_parameters_and_places_stay():
    asked = read('// -p hops=2\n// -p opcode=\'"3"\'\n//-p names=["a"]\nRETURN $hops, $opcode, $names', None)
    assert asked.parameters == {"hops": 2, "opcode": "3", "names": ["a"]}
    assert asked.text.index("RETURN") == 3
    assert command('// -p opcode="3"\nRETURN $opcode') == "tpudb query 'RETURN $opcode' -p 'opcode=\"3\"'"
    assert command("// -p opcode=dot\nRETURN $opcode") == "tpudb query 'RETURN $opcode' -p opcode=dot"
    assert read("// -p graph=null\nRETURN $graph", GRAPH).parameters == {"graph": None}


def test_a_parameter_without_a_value_is_asked_for():
    with pytest.raises(UsageError, match=r"\$hops has no value.*// -p hops=VALUE"):
        read("RETURN $hops", GRAPH)
    with pytest.raises(UsageError, match="nothing is asked"):
        read(" ;\n", GRAPH)


def test_neither_says_where():
    with pytest.raises(PatternError) as caught:
        read("dot -> -> add", GRAPH)
    assert caught.value.column


def test_writes_are_cypher_which_the_store_refuses():
    assert read("CREATE (n)", None).kind == "cypher"


@pytest.mark.parametrize("text", ["RETURN 1;", "dot -> add", "MATCH (n)\nRETURN n ; ", "match dot"])
def test_whole(text):
    assert is_whole(text)


@pytest.mark.parametrize("text", ["", "RETURN 1", "MATCH (n)", "dot ->", "// -p a=1"])
def test_not_whole(text):
    assert not is_whole(text)


@pytest.fixture
def own(tmp_path, monkeypatch):
    """Nothing is saved yet."""
    monkeypatch.setattr(saved, "folder", lambda: tmp_path / "queries")


def test_saved_queries_come_first(own):
    saved.save(
        "mine", "MATCH (o:Op {graph: $graph}) RETURN o.opcode AS opcode LIMIT $top", params={"top": 3, "graph": ""}
    )
    (saved.folder() / "bad.cypher").write_text("RETURN 1")
    bad, mine = library()[:2]
    assert (bad.name, bad.what.startswith("saved, and damaged: ")) == ("bad", True)
    assert (mine.name, mine.what) == ("mine", "saved: Saved from the shell.")
    assert read(mine.text, GRAPH).parameters == {"graph": GRAPH, "top": 3}


def test_every_entry_of_the_library_can_be_asked(own):
    entries = library(op=3)
    assert len({entry.name for entry in entries}) == len(entries)
    named = {query.name for query in all_queries()}
    assert named < {entry.name for entry in entries}
    for entry in entries:
        needs = [p for p in find_query(entry.name).parameters if p.required] if entry.name in named else []
        if {parameter.name for parameter in needs} <= {"graph", "op"}:
            asked = read(entry.text, GRAPH)
            assert asked.kind == ("cypher" if entry.name in named else "pattern")
            assert asked.name == (entry.name if entry.name in named else None)
    command_line = command(next(entry.text for entry in entries if entry.name == "biggest_ops"))
    assert command_line.startswith(f"tpudb query -n biggest_ops -p graph={GRAPH}")
