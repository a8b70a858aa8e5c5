"""What a text is split into, and where it goes on."""

import pytest

from tpugraph_db.errors import UsageError
from tpugraph_db.shell.language import Command, Pattern, Statement, ended, is_whole, split


@pytest.mark.parametrize(
    ("text", "actions"),
    [
        ("RETURN 1;", [Statement("RETURN 1")]),
        ("RETURN 1; RETURN\n2;", [Statement("RETURN 1"), Statement("RETURN\n2")]),
        ("RETURN ';' AS a, `b;` ;", [Statement("RETURN ';' AS a, `b;` ")]),
        ("// one; two\nRETURN 1 /* ; */;", [Statement("// one; two\nRETURN 1 /* ; */")]),
        (r"RETURN 'it\'s;';", [Statement(r"RETURN 'it\'s;'")]),
        ("MATCH (o:Op)\nRETURN o;", [Statement("MATCH (o:Op)\nRETURN o")]),
        ("match(o) return o;", [Statement("match(o) return o")]),
        ("match p = (a)-->(b) return p;", [Statement("match p = (a)-->(b) return p")]),
        ("MATCH shortestPath((a)-[*]-(b)) RETURN 1;", [Statement("MATCH shortestPath((a)-[*]-(b)) RETURN 1")]),
        ("MATCH SHORTEST 1 (a) RETURN a;", [Statement("MATCH SHORTEST 1 (a) RETURN a")]),
        ("MATCH ALL SHORTEST (a) RETURN a;", [Statement("MATCH ALL SHORTEST (a) RETURN a")]),
        ("MATCH /* all */ (o) RETURN o;", [Statement("MATCH /* all */ (o) RETURN o")]),
        ("match dot -> add", [Pattern("dot -> add")]),
        ("MATCH dot -> add;", [Pattern("dot -> add")]),
        ("match 'dot -> add'", [Pattern("dot -> add")]),
        ("match all-reduce -> add", [Pattern("all-reduce -> add")]),
        ("match x:dot[bytes = 3] -> *", [Pattern("x:dot[bytes = 3] -> *")]),
        ("match x:dot -> y:add where x.dtype = y.dtype", [Pattern("x:dot -> y:add where x.dtype = y.dtype")]),
        ("match softmax\n.quit", [Pattern("softmax"), Command("quit")]),
        (".run hubs top=3", [Command("run", "hubs top=3")]),
        (":help", [Command("help")]),
        ("exit", [Command("exit")]),
        ("help;", [Command("help")]),
        (".match (dot, add) -> add", [Command("match", "(dot, add) -> add")]),
        ("EXPLAIN MATCH (n)\nRETURN n;", [Command("explain", "MATCH (n)\nRETURN n")]),
        (";;RETURN 1;", [Statement("RETURN 1")]),
        ("", []),
        (" \n;", []),
        ("// nothing", []),
    ],
)
def test_what_is_whole(text, actions):
    assert split(text) == (actions, "")


@pytest.mark.parametrize(
    "text",
    [
        "RETURN 1",
        "MATCH",
        "MATCH\n(o)",
        "match (dot, add) -> add",  # Cypher, as far as anyone can tell
        "RETURN 'a;",
        "RETURN 1 /* ;",
        "RETURN 1; RETURN 2",
        "exit_code",
        "'\\';",
    ],
)
def test_what_goes_on_on_the_next_line(text):
    assert not is_whole(text)


def test_what_ends_without_a_semicolon():
    assert ended("RETURN 1; RETURN 2 // two") == [Statement("RETURN 1"), Statement("RETURN 2 // two\n")]
    assert ended(".help") == [Command("help")]
    with pytest.raises(UsageError, match="has no end"):
        ended("RETURN 'a")
