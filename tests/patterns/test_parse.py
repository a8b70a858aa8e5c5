import pytest

from tpugraph_db.hlo.vocabulary import OPCODES
from tpugraph_db.patterns.errors import PatternError
from tpugraph_db.patterns.parse import parse
from tpugraph_db.patterns.syntax import Branches, Comparison, Operand, Reference
from tpugraph_db.patterns.tokens import tokens
from tpugraph_db.patterns.vocabulary import opcodes_of


def only(text):
    """The one op of a pattern."""
    (op,) = parse(text).ops
    return op


class TestTokens:
    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("a->b", ["a", "->", "b"]),
            ("a--b", ["a", "--", "b"]),
            ("all-*->x", ["all-*", "->", "x"]),
            ("add*1..3", ["add", "*1..3"]),
            ("**1..3", ["*", "*1..3"]),
            ("*1..", ["*1.."]),
            ("add*2..>b", ["add", "*2", "..>", "b"]),
            ("a ..8> b <3.. c", ["a", "..8>", "b", "<3..", "c"]),
            ("bytes>=1.5e3KiB", ["bytes", ">=", "1.5e3", "KiB"]),
            ('x.op_name ~ "a -> b"', ["x", ".", "op_name", "~", '"a -> b"']),
        ],
    )
    def test_words(self, text, words):
        assert [token.text for token in tokens(text)] == [*words, ""]


class TestOps:
    def test_an_opcode(self):
        op = only("dot")
        assert (op.opcodes, op.excluded, op.low, op.high) == ({"dot"}, False, 1, 1)

    def test_one_of_several_and_none_of_them(self):
        assert only("{dot|add}").opcodes == {"dot", "add"}
        assert (only("!{dot|add}").opcodes, only("!{dot|add}").excluded) == ({"dot", "add"}, True)

    def test_any(self):
        assert only("*").opcodes is None
        assert only("@").opcodes is None
        assert only("{dot|*}").opcodes is None

    def test_configurable(self):
        assert only("@dot").configurable
        assert not only("dot").configurable

    @pytest.mark.parametrize(
        ("text", "bounds"),
        [("dot?", (0, 1)), ("dot*2", (2, 2)), ("dot*1..3", (1, 3)), ("dot*2..", (2, 8)), ("*1..3", (1, 3))],
    )
    def test_times(self, text, bounds):
        assert (only(text).low, only(text).high) == bounds

    def test_filters(self):
        op = only('x:dot[bytes > 1MB, dtype = {bf16|f32}, op_name ~ "a b", is_root = true]*2')
        assert [part.text for part in op.filters] == [
            "bytes > 1MB", "dtype = {bf16|f32}", 'op_name ~ "a b"', "is_root = true"
        ]  # fmt: skip
        assert [part.right for part in op.filters] == [(1_000_000,), ("bf16", "f32"), ("a b",), (True,)]

    @pytest.mark.parametrize(
        ("text", "value"),
        [("bytes > 2KiB", 2048), ("bytes > 1.5GB", 1.5e9), ("measured_ns > 3us", 3000), ("depth > 7", 7)],
    )
    def test_units(self, text, value):
        assert only(f"*[{text}]").filters[0].right == (value,)

    def test_what_a_checkpoint_writes_is_a_number(self):
        assert only("*[gcn_share > 0.5]").filters[0].left.property == "gcn_share"


class TestGlobs:
    def test_as_a_shell_means_them(self):
        from fnmatch import fnmatchcase

        for glob in ("all-*", "*-start", "*", "re*e*", "*a*t*", "dot*", "*e*e*e*", "a*a"):
            assert opcodes_of(glob) == {opcode for opcode in OPCODES if fnmatchcase(opcode, glob)}

    def test_an_exponential_one_takes_no_time(self):
        with pytest.raises(PatternError, match="fits no opcode"):
            parse("*a" * 2_000 + "*b")


class TestShape:
    def test_branches(self):
        chain = parse("dot -> (add, copy <- tanh) -> tuple").chains[0]
        branches = chain.items[1]
        assert isinstance(branches, Branches)
        assert [len(part.items) for part in branches.chains] == [1, 2]
        assert [arrow.direction for arrow in chain.arrows] == ["out", "out"]

    def test_arrows(self):
        arrows = parse("dot -> * <- * -- * ..> * ..3> * <.. * ..1> *").chains[0].arrows
        assert [(arrow.direction, arrow.hops) for arrow in arrows] == [
            ("out", 0), ("in", 0), ("any", 0), ("out", 8), ("out", 3), ("in", 8), ("out", 0)
        ]  # fmt: skip

    def test_a_name_again_is_its_op(self):
        pattern = parse("x:dot -> add, x -> copy")
        assert pattern.chains[1].items[0] == Reference("x", 14)
        assert len(pattern.ops) == 3

    def test_where_binds_and_before_or(self):
        where = parse("x:dot where x.bytes > 1 or x.depth = 2 and not x.index < 3").where
        assert (where.word, where.parts[1].word) == ("or", "and")
        assert isinstance(where.parts[0], Comparison)

    def test_two_properties(self):
        assert parse("x:dot -> y:* where x.layout != y.layout").where.right == Operand("y", "layout", 31)

    def test_lines_are_blanks(self):
        assert parse("dot\n  -> add").chains == parse("dot\n  -> add").chains
        assert len(parse("dot\n  -> add").ops) == 2


@pytest.mark.parametrize(
    ("text", "column", "said"),
    [
        ("", 1, "expected an op: an opcode, {a|b}, !a, *, @ or a name, found the end"),
        ("add ->", 7, "expected an op"),
        ("add -> dott", 8, "'dott' is no opcode; did you mean dot"),
        ("add -> qqqqq", 8, 'say *[opcode = "..."]'),
        ("zzz*", 1, "'zzz*' fits no opcode"),
        ("!*", 1, "!* leaves no opcode"),
        ("dot[byte > 1]", 5, "no property 'byte'; did you mean bytes"),
        ("dot[dims = 3]", 5, "dims is a list"),
        ("dot[bytes]", 10, "expected a comparison: = != < <= > >=, found ']'"),
        ("dot[bytes ~ 3]", 11, "bytes is a number, compared by"),
        ("dot[dtype > f32]", 11, "dtype is a string, compared by = != ~"),
        ("dot[bytes > 1parsec]", 14, "no unit 'parsec': one of B, KB"),
        ("dot[depth > 1MB]", 14, "no unit 'MB': depth has none"),
        ("dot[bytes > 1e30]", 13, "1e30 is past 64 bits"),
        ("dot[bytes > 9223372036854775808]", 13, "is past 64 bits"),
        ("dot[is_root = yes]", 15, "is_root is true or false"),
        ("dot[bytes > {1|2}]", 13, "> takes one value"),
        ('dot[op_name = "x]', 15, "this text has no end"),
        ("dot[dtype = 'f32']", 13, "double quotes"),
        ("dot -> add)", 11, "expected an arrow"),
        ("(dot, add", 10, "expected ')'"),
        ("(dot)?", 6, "a bracket comes once"),
        ("dot?*2", 5, "one repeat is enough"),
        ("dot*3..2", 4, "expected *2 or *1..3"),
        ("dot*0", 4, "expected *2 or *1..3"),
        ("dot*1..99", 4, "at most 16 copies"),
        ("dot ..0> add", 5, "a path has 1 to 32 edges, found 0"),
        ("dot ..99999999999> add", 5, "a path has 1 to 32 edges"),
        ("add:dot", 1, "add is an opcode; call it otherwise"),
        ("graph:dot", 1, "graph is a word of the language"),
        ("x:dot -> x:add", 10, "x has its op already"),
        ("x:dot -> add -> x[bytes > 1]", 18, "its name stands alone the second time"),
        ("x:dot? -> add, x -> tanh", 16, "x stands for no or several ops"),
        ("x:dot where y.bytes > 1", 13, "no op is called 'y'"),
        ("x:dot where bytes > 1", 19, "expected '.'"),
        ("x:dot where x.bytes = x.dtype", 23, "they do not compare"),
        ("dot ; add", 5, "';' has no meaning here"),
        ("dot" + "(" * 30, 4, "expected an arrow"),
        ("(" * 30 + "dot", 22, "brackets in more than 20 brackets"),
        ("x:dot where " + "not " * 30 + "x.bytes = 1", 93, "brackets in more than 20 brackets"),
    ],
)
def test_what_is_wrong_and_where(text, column, said):
    with pytest.raises(PatternError) as caught:
        parse(text)
    error = caught.value
    assert (error.line, error.column) == (1, column), str(error)
    assert said in str(error)
    assert error.marked.splitlines()[-1] == " " * (column - 1) + "^"


def test_a_text_that_is_too_long():
    with pytest.raises(PatternError, match="at most 10,000"):
        parse("dot -> " * 2_000)


def test_the_mark_stands_right_below_what_does_not_print():
    with pytest.raises(PatternError) as caught:
        parse("dot \x1b add")
    shown, mark = caught.value.marked.splitlines()
    assert shown == "dot \\x1b add"
    assert mark.index("^") == 4
