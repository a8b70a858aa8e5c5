import pytest

from tpugraph_db.cypher.named import Column, NamedQuery, Parameter
from tpugraph_db.errors import UsageError


def optional(type_, default=None, **bounds):
    return Parameter("p", type_, "what it is", required=False, default=default, **bounds)


def required(type_, **bounds):
    return Parameter("p", type_, "what it is", **bounds)


QUERY = NamedQuery(
    name="some_ops",
    what="Some ops.",
    parameters=(
        Parameter("graph", "string", "the graph's id"),
        Parameter("hops", "int", "how far", required=False, default=2, low=0, high=6),
        Parameter("opcode", "string", "only this one", required=False),
    ),
    columns=(Column("op", "index"),),
    text="RETURN 1 AS op",
)


class TestBind:
    def test_defaults_are_filled_in(self):
        assert QUERY.bind({"graph": "g"}) == {"graph": "g", "hops": 2, "opcode": None}

    def test_what_is_given_wins(self):
        assert QUERY.bind({"opcode": "dot", "hops": 0, "graph": "g"}) == {"graph": "g", "hops": 0, "opcode": "dot"}

    def test_a_missing_one_is_named(self):
        with pytest.raises(UsageError, match=r"^some_ops: needs graph; it takes graph, hops, opcode$"):
            QUERY.bind({"hops": 1})

    def test_an_unknown_one_says_what_was_meant(self):
        with pytest.raises(UsageError, match=r"no parameter 'hop'; it takes graph, hops, opcode; did you mean hops\?"):
            QUERY.bind({"graph": "g", "hop": 1})

    def test_a_query_without_parameters_takes_none(self):
        with pytest.raises(UsageError, match="it takes none"):
            NamedQuery("q", "What.", (), (), "RETURN 1 AS x").bind({"graph": "g"})

    def test_null_only_where_it_is_the_default(self):
        assert QUERY.bind({"graph": "g", "opcode": None})["opcode"] is None
        with pytest.raises(UsageError, match="parameter hops: expected int from 0 to 6, found None"):
            QUERY.bind({"graph": "g", "hops": None})
        with pytest.raises(UsageError, match="parameter graph: expected string, found None"):
            QUERY.bind({"graph": None})


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        (required("int"), 3),
        (required("int"), -(2**63)),
        (required("int", low=1), 1),
        (required("float"), 0.5),
        (required("string"), ""),
        (required("string", among=("in", "out")), "out"),
        (required("bool"), True),
        (required("list<int>"), [1, 2]),
        (required("list<int>"), []),
        (required("list<string>", low=1, high=2), ["a", "b"]),
        (optional("list<int>"), None),
    ],
    ids=str,
)
def test_values_that_fit(parameter, value):
    assert parameter.check(value) == value


def test_an_int_serves_as_a_float():
    value = required("float").check(2)
    assert (type(value), value) == (float, 2.0)


def test_a_tuple_serves_as_a_list():
    assert required("list<int>").check((1, 2)) == [1, 2]


@pytest.mark.parametrize(
    ("parameter", "value", "expected"),
    [
        (required("int"), "3", "int"),
        (required("int"), 3.0, "int"),
        (required("int"), True, "int"),
        (required("int"), 2**63, "int"),
        (required("int", low=0, high=6), 7, "int from 0 to 6"),
        (required("int", low=1), 0, "int from 1"),
        (required("float"), "0.5", "float"),
        (required("float"), False, "float"),
        (required("string"), 3, "string"),
        (required("string", among=("in", "out")), "up", "one of in, out"),
        (required("bool"), 1, "bool"),
        (required("list<int>"), [1, "2"], "list<int>"),
        (required("list<int>"), 1, "list<int>"),
        (required("list<string>"), "ab", "list<string>"),
        (required("list<string>", low=1, high=2), [], "list<string> of length from 1 to 2"),
        (required("list<string>", low=1, high=2), ["a", "b", "c"], "list<string> of length from 1 to 2"),
    ],
    ids=str,
)
def test_values_that_do_not_fit(parameter, value, expected):
    with pytest.raises(UsageError) as caught:
        parameter.check(value)
    assert str(caught.value) == f"parameter p: expected {expected}, found {value!r}"


@pytest.mark.parametrize(
    ("parameter", "text"),
    [
        (required("string"), "p: string"),
        (optional("string"), "p: string = null"),
        (optional("int", 2, low=0, high=6), "p: int 0..6 = 2"),
        (optional("int", 20, low=0), "p: int 0.. = 20"),
        (optional("string", "in", among=("in", "out")), 'p: string in,out = "in"'),
        (required("list<string>", low=1, high=6), "p: list<string> 1..6"),
    ],
    ids=str,
)
def test_text_is_that_of_the_header(parameter, text):
    assert str(parameter) == text
