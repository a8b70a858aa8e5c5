"""What the prompt's lines come to, on both stores; no terminal."""

import pytest

from tpugraph_db.errors import NotFoundError, QueryError, ReadOnlyError, UsageError
from tpugraph_db.patterns.errors import PatternError
from tpugraph_db.shell import saved
from tpugraph_db.shell.session import Session, may_write

CHAIN, DIAMOND = "layout:test:default/train/chain", "layout:test:default/valid/diamond"
FEEDS = "MATCH (o:Op {opcode: $op})-[:FEEDS]->(p:Op) RETURN p.opcode AS consumer ORDER BY consumer"


def test_cypher_with_the_parameters_of_the_session(ask, session):
    ask(".param op parameter\n.param other 3")
    assert ask(FEEDS + ";").result.rows == [
        ("add",),
        ("add",),
        ("convolution",),
        ("dot",),
        ("negate",),
        ("negate",),
        ("reduce",),
    ]
    assert ask(".params").result.rows == [("$op", "parameter"), ("$other", 3)]
    ask(".param op = [1, 2]\n.unset other")
    assert session.params == {"op": [1, 2]}


def test_a_parameter_without_a_value_says_the_cure(ask):
    with pytest.raises(QueryError, match=r"; \$op has no value: \.param op VALUE$"):
        ask(FEEDS + ";")


def test_an_error_has_its_place(ask):
    with pytest.raises(QueryError) as error:
        ask("MATCH (o:Op)\nRETURN o.x +;")
    assert error.value.line == 2


def test_rows_are_limited_and_counted_and_exported_whole(ask):
    answer = ask(".limit 3\nMATCH (o:Op) RETURN o.uid AS uid ORDER BY uid;")
    assert (len(answer.result), answer.result.truncated) == (3, "showing 3 of 16")
    exported = ask(".export all.csv")
    assert (len(exported.result), str(exported.export)) == (16, "all.csv")
    assert len(ask(".limit -1\nMATCH (o:Op) RETURN o.uid;").result) == 16


def test_patterns(ask):
    assert ask("match dot -> add").result.rows == [(DIAMOND, "dot#2", "add#3")]
    assert ask(".match 'parameter -> *' diamond by=graph").result.rows == [(DIAMOND, 2)]
    assert ask(".match (convolution, dot) -> add").result.rows == [(DIAMOND, "convolution#1", "dot#2", "add#3")]
    assert ask(".limit 1\nmatch parameter -> *").result.truncated == "showing 1 of 7"
    assert len(ask(".export x.csv").result) == 7
    assert "in a circle" in ask("match x:dot -> add -> x").notes[0]
    with pytest.raises(PatternError, match="column 8"):
        ask("match dot -> [")
    with pytest.raises(UsageError, match="found 'into'"):
        ask(".match 'dot' diamond into")


def test_read_only_unless_asked(ask, db):
    with pytest.raises(ReadOnlyError, match="--write"):
        ask("CREATE (:Mine);")
    with pytest.raises(ReadOnlyError, match="--write"):
        ask("MATCH (o:Op) SET o.mine = 1;")
    writer = Session(db, write=True)
    answer = ask("CREATE (n:Mine {x: 1}) RETURN n.x AS x;", writer)
    assert (answer.result.rows, answer.wrote) == ([(1,)], True)
    assert not ask("MATCH (n:Mine) RETURN n.x AS x;", writer).wrote
    assert ask("MATCH (n:Mine) DELETE n;", writer).result.columns == ()
    assert ask("MATCH (n:Mine) RETURN count(n) AS n;").result.rows == [(0,)]


def test_what_may_write():
    assert may_write("MATCH (o) SET o.x = 1")
    assert may_write("match (o) // nothing\n detach delete o")
    assert not may_write("MATCH (o {name: 'SET'}) RETURN o.x // delete")


def test_named_queries(ask, session):
    assert ask(".run hubs graph=diamond top=1").result.rows[0][:3] == (DIAMOND, 0, "parameter")
    ask(".param graph chain\n.param unused 1")
    assert {row[0] for row in ask(".run hubs").result.rows} == {CHAIN}
    assert {row[0] for row in ask(".run hubs graph=diamond").result.rows} == {DIAMOND}
    with pytest.raises(UsageError, match="parameter top: expected int from 0, found 'x'"):
        ask(".run hubs top=x")
    with pytest.raises(NotFoundError, match="did you mean hubs"):
        ask(".run hubz")
    assert "hubs" in {row[0] for row in ask(".limit -1\n.queries").result.rows}


def test_saved_queries(ask):
    ask(f".param op dot\n{FEEDS};")
    assert ask(".save after What reads an opcode").notes[0].startswith("saved: .run after (")
    assert ask(".saved").result.rows == [("after", "What reads an opcode.", 'op: string = "dot"')]
    assert ask(".run after").result.rows == [("add",)]
    assert ask(".run after op=tanh").result.rows == [("copy",)]
    ask(".drop after")
    assert saved.saved() == {}
    with pytest.raises(NotFoundError):
        ask(".drop after")


def test_nothing_to_save_or_export(ask):
    for line, said in (
        (".save x", "no Cypher has been run"),
        (".export x.csv", "no rows yet"),
        (".explain", "expected"),
    ):
        with pytest.raises(UsageError, match=said):
            ask(line)
    ask("match dot -> add")
    with pytest.raises(UsageError, match="no Cypher has been run"):
        ask(".save x")


def test_explain(ask):
    ask(".param op dot")
    for line in (f"EXPLAIN {FEEDS};", f".explain {FEEDS}", f"{FEEDS};\n.explain"):
        answer = ask(line)
        assert answer.result is None
        assert "\n+ " in f"\n{answer.text}"
    with pytest.raises(ReadOnlyError):
        ask("EXPLAIN CREATE (n);")


def test_what_there_is(ask):
    assert ask(".graphs dia").result.rows == [(DIAMOND, 4, 4, 4, 10)]
    assert ("uid", "string", None, "`<graph id>#<index>`") in ask(".schema op").result.rows
    assert ask(".schema").result.rows[7][0] == "(:Op)-[:FEEDS]->(:Op)"
    assert ".run NAME [param=value ...]" in ask(".help").text
    assert ask(".help mode").text == ".mode table|json|jsonl|csv  how rows are shown"
    assert ask("quit").ends
    assert ask(".exit").ends


def test_settings(ask, session):
    ask(".mode csv\n.timing off\n.timeout 2.5\n.limit 7")
    settings = session.settings
    assert (settings.mode, settings.timing, settings.timeout, settings.limit) == ("csv", False, 2.5, 7)
    ask(".timeout 0\n.limit -1\n.timing on")
    assert (settings.timing, settings.timeout, settings.limit) == (True, None, None)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (".mode xml", r"\.mode: expected one of table, json, jsonl, csv; found 'xml'"),
        (".limit 0", r"\.limit: expected a number of rows"),
        (".timeout soon", "expected seconds"),
        (".timing maybe", "expected one of on, off"),
        (".param 1x 2", "expected .param NAME VALUE"),
        (".param x", "expected .param NAME VALUE"),
        (".unset x", "no parameter 'x'"),
        (".schema Opp", "no label 'Opp'; did you mean Op"),
        (".rum hubs", "no command .rum; did you mean run"),
        (".help rum", "did you mean run"),
        (".", "no command ."),
        (".run", r"expected \.run NAME"),
        (".run hubs top", "expected parameter=value, found 'top'"),
        (".run 'hubs", "no closing quotation"),
        (".save", r"expected \.save NAME"),
        (".export a b", r"expected \.export FILE"),
        (".match", "give a pattern"),
    ],
)
def test_what_makes_no_sense(ask, line, said):
    with pytest.raises(UsageError, match=said):
        ask(line)
