"""What may follow; and reading it never waits for the store."""

import threading
import time

import pytest
from hypothesis import given
from hypothesis.strategies import text

from tpugraph_db.shell import saved
from tpugraph_db.shell.completing import complete, escaped
from tpugraph_db.shell.session import Session
from tpugraph_db.shell.vocabulary import InStore, Vocabulary
from tpugraph_db.stores import Result


class Somewhere:
    """A database that nobody asks."""

    class store:  # noqa: N801
        @staticmethod
        def be_prompt():
            pass


@pytest.fixture
def session():
    made = Session(Somewhere())
    made.params = {"op": "dot", "other": 1}
    return made


@pytest.fixture
def vocabulary():
    words = Vocabulary(Somewhere())
    words.refresh_queries()
    graphs = ("layout:test:default/train/chain", "tile:test/none/evil'\x1b[2J")
    written = {"Op": ("gcn_share",), "Config": ("gcn_score",)}
    words.store = InStore(("add", "convolution", "copy", "dot"), graphs, ("layout:test:default", "tile:test"), written)
    return words


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("MATCH (o:O", ["Op"]),
        ("MATCH (o:Op)-[:", ["FEEDS", "CALLED_BY", "IN", "CALLS", "OF", "FOR"]),
        ("MATCH (o:Op)-[:FE", ["FEEDS"]),
        ("MATCH (o:Op) WHERE o.fan", ["fan_in", "fan_out"]),
        ("MATCH (o:Op) RETURN o.gcn", ["gcn_share"]),
        ("MATCH (c:Config) RETURN c.gcn", ["gcn_score"]),
        ("MATCH ()-[r:CALLS]->() RETURN r.", ["kind"]),
        ("MATCH (o:Op {opc", ["opcode"]),
        ("MATCH (o:Op {opcode: 'dot', fan_i", ["fan_in"]),
        ("MATCH (o:Op {opcode: 'co", ["convolution", "copy"]),
        ("MATCH (o {graph: 'chain", ["layout:test:default/train/chain"]),
        ('MATCH (o {graph: "evil', [r"tile:test/none/evil\'\u001b[2J"]),
        ("RETURN $o", ["op", "other"]),
        ("MATCH (producer:Op) RETURN pro", ["producer", "properties"]),
        ("MATCH (o) RETURN count(*) AS many ORDER BY man", ["many"]),
        ("mat", ["match", "MATCH"]),
        ("RETURN 1 AS x ORD", ["ORDER"]),
        ("RETURN toI", ["toInteger"]),
        ("RETURN ", []),
        ("RETURN 'dot' AS x, 1 LIM", ["LIMIT"]),
        (".ti", ["timeout", "timing"]),
        (".mode js", ["json", "jsonl"]),
        (".timing o", ["on", "off"]),
        (".schema Pre", ["Prediction"]),
        (".unset ", ["op", "other"]),
        (".run hub", ["hubs"]),
        (".run hubs t", ["top="]),
        (".run hubs top=3 ", ["graph=", "by="]),
        (".run hubs by=", ["fan_out", "fan_in"]),
        (".run hubs graph=chain", ["layout:test:default/train/chain"]),
        (".explain MATCH (o:Op) RETURN o.fan_", ["fan_in", "fan_out"]),
        ("match con", ["convolution", "conv_bias_activation", "convert_round_trip"]),
        ("match dot -> co", ["convolution", "copy"]),
        ("match dot[fan_", ["fan_in", "fan_out"]),
        ("match x:dot -> add where x.fan_", ["fan_in", "fan_out"]),
        (".match 'soft", ["softmax"]),
        (".match 'dot -> add' by=g", ["graph"]),
        (".match 'dot -> add' rank=", ["bytes", "flops", "cost", "measured"]),
    ],
)
def test_what_may_follow(vocabulary, session, typed, words):
    found = complete(typed, vocabulary, session)
    assert [word.text for word in found][: len(words) or 1] == words
    assert all(0 <= word.replaces <= len(typed) for word in found)


@given(text(alphabet="().[]{}:;=$'\"` \n,|->@!*mM\\atchrunpo_1\x1b", max_size=60))
def test_any_text_may_be_gone_on_with(typed):
    words = Vocabulary(Somewhere())
    for start in ("", "match ", ".run hubs ", "MATCH (o:Op {", ".match '", ". "):
        for word in complete(start + typed, words, Session(Somewhere())):
            assert 0 <= word.replaces <= len(typed) + len(start)


def test_what_is_put_in_is_harmless(vocabulary, session):
    (word,) = complete("RETURN 'evil", vocabulary, session)
    assert word.text.isprintable()
    assert complete(".graphs til", vocabulary, session) == []
    assert escaped("a'b\\c\n\u202e") == r"a\'b\\c\u000a\u202e"


def test_saved_queries_and_their_parameters(vocabulary, session):
    saved.save("mine", "RETURN $size AS x", params={"size": 3}, what="What is mine?")
    vocabulary.refresh_queries()
    (word,) = complete(".run mine", vocabulary, session) or complete(".run min", vocabulary, session)
    assert (word.text, word.about) == ("mine", "What is mine?")
    assert [(w.text, w.about) for w in complete(".run mine ", vocabulary, session)] == [("size=", "size: int = 3")]
    assert [w.text for w in complete(".drop ", vocabulary, session)] == ["mine"]


def test_the_store_is_read_in_a_thread(db):
    db.query("MERGE (:Prediction {id: 'shell', model: 'gcn', properties: ['Op.gcn_share', 'Op.gcn_rank']})", write=True)
    words = Vocabulary(db)
    assert "dot" in words.opcodes()
    words.refresh().join(60)
    assert words.store.opcodes == (
        *("add", "constant", "convolution", "copy", "dot", "negate", "parameter", "reduce", "tanh", "tuple"),
    )
    assert words.store.collections == ("layout:test:default", "tile:test")
    assert words.store.graphs[0] == "layout:test:default/train/chain"
    assert {"gcn_rank", "gcn_share", "opcode"} <= set(words.properties("Op"))
    assert "gcn_rank" not in words.properties("Graph")


def test_a_store_that_does_not_answer_delays_nothing(db, session, monkeypatch):
    hang, empty = threading.Event(), Result((), [], 0)
    monkeypatch.setattr(db, "query", lambda *words, **options: hang.wait(60) and empty)
    words = Vocabulary(db)
    started = time.monotonic()
    thread = words.refresh()
    words.refresh_queries()
    assert [word.text for word in complete("MATCH (o:O", words, session)] == ["Op"]
    assert "dot" in [word.text for word in complete("match do", words, session)]
    assert time.monotonic() - started < 5
    hang.set()
    thread.join(60)
    assert words.store == InStore()
