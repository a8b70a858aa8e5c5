"""What patterns find on the literal graphs, worked out by hand."""

import pytest

from tpugraph_db.errors import AmbiguousError, NotFoundError, UsageError
from tpugraph_db.patterns.errors import PatternError

CHAIN = "layout:test:default/train/chain"
DIAMOND = "layout:test:default/valid/diamond"
TWO = "tile:test/train/two"
LOWERED = "hlo:local/none/lowered"

DIAMOND_ROW = (DIAMOND, "parameter#0", "convolution#1", "dot#2", "add#3")

CASES = [
    ("negate -> tanh", [(CHAIN, "negate#1", "tanh#2")]),
    ("tanh <- negate", [(CHAIN, "tanh#2", "negate#1")]),
    ("tanh -- negate", [(CHAIN, "tanh#2", "negate#1")]),
    ("tanh -> negate", []),
    ("parameter ..> copy", [(CHAIN, "parameter#0", "copy#3")]),
    ("parameter ..2> copy", []),
    ("copy <3.. parameter", [(CHAIN, "copy#3", "parameter#0")]),
    ("parameter -> (convolution, dot) -> add", [DIAMOND_ROW]),
    ("p:parameter -> c:convolution -> a:add, p -> d:dot -> a", [(*DIAMOND_ROW[:3], "add#3", "dot#2")]),
    (
        "negate -> abs? -> tanh -> copy*1..2",
        [(CHAIN, "negate#1", None, "tanh#2", ["copy#3"])],
    ),
    ("*2 -> copy", [(CHAIN, ["negate#1", "tanh#2"], "copy#3")]),
    ("@* -> add", [(DIAMOND, "convolution#1", "add#3"), (DIAMOND, "dot#2", "add#3")]),
    ("@ -> add", [(DIAMOND, "convolution#1", "add#3"), (DIAMOND, "dot#2", "add#3")]),
    ("con*", [(DIAMOND, "convolution#1"), (LOWERED, "zero#6"), (TWO, "constant#5")]),
    ("!{parameter|con*|add} -> add", [(DIAMOND, "dot#2", "add#3")]),
    # 64 elements of f32 are 256 bytes, 512 of bf16 1,024
    ("*[bytes >= 1KiB, dtype = bf16]", [(DIAMOND, "convolution#1")]),
    (
        "*[bytes >= 1KiB and dtype = bf16 or opcode = tuple]",
        [(DIAMOND, "convolution#1"), (LOWERED, "result#10"), (TWO, "tuple#7")],
    ),
    ("c:convolution -> a:add, d:dot -> a where c.bytes > d.bytes", [(DIAMOND, "convolution#1", "add#3", "dot#2")]),
    ("c:convolution -> a:add, d:dot -> a where c.bytes < d.bytes", []),
    ("c:convolution -> a:add where not (a.bytes > c.bytes)", [(DIAMOND, "convolution#1", "add#3")]),
    # an unknown size is neither larger nor smaller: the tuple of the npz has none
    ("reduce -> t:tuple[bytes > 0]", [(LOWERED, "total#9", "result#10")]),
    ("reduce -> t:tuple[not bytes > 0]", []),
    # the two branches are two ops; an op that meets them in either order is two matches
    ("add <- (*, *)", [
        (DIAMOND, "add#3", "convolution#1", "dot#2"), (DIAMOND, "add#3", "dot#2", "convolution#1"),
        (LOWERED, "add#2", "a#0", "b#1"), (LOWERED, "add#2", "b#1", "a#0"),
        (TWO, "add#2", "parameter#0", "parameter#1"), (TWO, "add#2", "parameter#1", "parameter#0"),
    ]),
    # reduce calls what ends in add: CALLED_BY is no FEEDS
    ("add -> reduce", []),
    ('*[op_name ~ "erf"] -> reduce', [(LOWERED, "erf.1#8", "total#9")]),
    ("*[opcode = erf]", [(LOWERED, "erf.1#8")]),
    ("parameter[index = 4], constant", [(TWO, "parameter#4", "constant#5")]),
]  # fmt: skip


@pytest.mark.parametrize(("pattern", "rows"), CASES, ids=[pattern for pattern, _ in CASES])
def test_rows(literal, pattern, rows):
    result = literal.match(pattern)
    assert result.rows == sorted(rows, key=lambda row: row[0])
    assert result.truncated == ""


class TestColumns:
    def test_a_name_an_opcode_a_place(self, literal):
        result = literal.match("x:parameter -> negate -> {tanh|abs} -> *")
        assert result.columns == ("graph", "x", "negate", "op3", "op4")

    def test_the_second_of_an_opcode_is_counted(self, literal):
        assert literal.match("add -> add -> add").columns == (
            "graph",
            "add",
            "add_2",
            "add_3",
        )

    def test_words_of_cypher(self, literal):
        assert literal.match("not -> and -> match:* -> return:*").columns == ("graph", "not", "and", "match", "return")

    def test_indices(self, literal):
        assert literal.match("negate -> tanh -> copy*1..2", shown="index").rows == [(CHAIN, 1, 2, [3])]


class TestScope:
    def test_a_graph_by_a_part_of_its_id(self, literal):
        assert len(literal.match("parameter", graph="two")) == 3

    def test_a_collection(self, literal):
        assert literal.match("parameter", collection="layout:test:default", by="graph").rows == [
            (CHAIN, 1),
            (DIAMOND, 1),
        ]
        assert literal.match("* -> *", collection="layout:test:default", count=True).rows == [(7,)]

    def test_all(self, literal):
        assert literal.match("parameter", by="collection").rows == [
            ("hlo:local", 4),
            ("tile:test", 3),
            ("layout:test:default", 2),
        ]

    def test_what_is_not_there(self, literal):
        with pytest.raises(NotFoundError, match="did you mean diamond"):
            literal.match("dot", graph="diamant")
        with pytest.raises(NotFoundError, match="no collection 'tile:tets'; did you mean tile:test"):
            literal.match("dot", collection="tile:tets")
        with pytest.raises(AmbiguousError):
            literal.match("dot", graph="layout")

    def test_half_a_graph_has_no_match(self, literal):
        create = """CREATE (a:Op {uid: 'x#0', graph: 'x', index: 0, opcode: 'sine'})
            -[:FEEDS]->(:Op {uid: 'x#1', graph: 'x', index: 1, opcode: 'cosine'})"""
        literal.query(create, write=True)
        try:
            assert literal.match("sine -> cosine").rows == []
        finally:
            literal.query("MATCH (o:Op {graph: 'x'}) DETACH DELETE o", write=True)


class TestRank:
    def test_by_bytes_of_all_ops(self, literal):
        result = literal.match("@ -> add", rank="bytes", limit=5)
        assert result.columns == ("graph", "op1", "add", "bytes")
        # convolution 1,024, dot 256, add 4
        assert result.rows == [(DIAMOND, "convolution#1", "add#3", 1028), (DIAMOND, "dot#2", "add#3", 260)]

    def test_the_first_and_how_many_there_are(self, literal):
        result = literal.match("parameter", rank="bytes", limit=1)
        assert result.rows == [(CHAIN, "parameter#0", 4096)]
        assert result.truncated == "showing 1 of 9"

    def test_over_several_forms(self, literal):
        result = literal.match("parameter -> negate? -> {tanh|convolution}", rank="bytes", limit=9)
        assert [row[-1] for row in result.rows] == [3 * 4096, 1024 + 128]

    def test_what_nobody_knows_comes_last_and_is_null(self, literal):
        assert [row[-1] for row in literal.match("{negate|tanh}", rank="measured", limit=3)] == [None] * 3

    @pytest.mark.parametrize(
        ("asked", "said"),
        [
            ({"rank": "bytes"}, "a ranking needs a limit"),
            ({"rank": "beauty", "limit": 3}, "expected one of bytes, flops, cost, measured; found 'beauty'"),
            ({"rank": "bytes", "limit": 3, "count": True}, "a count has no rank"),
            ({"by": "opcode"}, "expected one of graph, collection, block; found 'opcode'"),
            ({"graph": "two", "collection": "tile:test"}, "say a graph or a collection"),
        ],
    )
    def test_what_does_not_go_together(self, literal, asked, said):
        with pytest.raises(UsageError, match=said):
            literal.match("dot", **asked)

    def test_a_query_has_its_own_order(self, literal):
        with pytest.raises(UsageError, match="no rank"):
            literal.match("duplicated_constants", rank="bytes", limit=3)


class TestNothing:
    def test_what_no_graph_has_is_empty(self, literal):
        result = literal.match("x:dot -> add -> x")
        assert (result.columns, result.rows) == (("graph", "x", "add"), [])
        assert literal.match("x:dot -> add -> x", count=True).rows == [(0,)]
        assert literal.match("x:dot -> add -> x", by="graph").rows == []

    def test_no_match_is_no_error(self, literal):
        assert literal.match("cholesky -> fft").rows == []
        assert literal.match("cholesky -> fft", count=True).rows == [(0,)]

    def test_a_name_near_one_of_the_library(self, literal):
        with pytest.raises(NotFoundError, match="no pattern of the library 'softmaxx'; did you mean softmax"):
            literal.match("softmaxx")

    def test_no_pattern(self, literal):
        with pytest.raises(PatternError, match="column 8"):
            literal.match("dot -> dott")


def test_a_limit_counts_the_rest(literal):
    result = literal.match("parameter", limit=2)
    assert len(result) == 2
    assert result.truncated == "showing 2 of 9"
