"""What --where matches, on both engines: conditions and files of Cypher that return graphs or ops."""

import pytest

from tests import graphs
from tests.conftest import ENGINES, open_empty, write_npz
from tpugraph_db.errors import DataError, NotFoundError, QueryError, ReadOnlyError, UsageError
from tpugraph_db.matching import Match, matched_part, matched_record, matches
from tpugraph_db.where import expect_parameters, statement

DIAMOND, CHAIN = graphs.diamond(), graphs.chain()
ODD = graphs.chain().replace(name="odd#1")
"""A graph whose id could be the uid of an op."""


@pytest.fixture(scope="module", params=ENGINES)
def store(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("db")
    with open_empty(request.param, request, folder) as database:
        database.load([write_npz(record, folder) for record in (DIAMOND, CHAIN, ODD)])
        yield database.store


@pytest.fixture
def file(tmp_path):
    """A file of some Cypher; its path."""

    def write(text, name="some.cypher"):
        (tmp_path / name).write_text(text)
        return str(tmp_path / name)

    return write


def test_a_condition_gives_graphs(store):
    assert matches(store, "g.split = 'valid'") == [Match(DIAMOND.id)]
    assert matches(store, "g.ops = $n AND NOT g.name CONTAINS '#'", params={"n": 4}) == [
        Match(CHAIN.id),
        Match(DIAMOND.id),
    ]


@pytest.mark.parametrize("returned", ["g", "g.id", "DISTINCT g.id AS whatever"])
def test_a_file_gives_graphs(store, file, returned):
    where = file(f"MATCH (g:Graph)<-[:OF]-(:Config) WHERE g.name = 'diamond' RETURN {returned};\n")
    assert matches(store, where, hops=1) == [Match(DIAMOND.id, hops=1)]


@pytest.mark.parametrize(
    "returned", ["o", "o.uid", "o.graph AS graph, o.index AS index", "o.index AS index, o.graph AS graph"]
)
def test_a_file_gives_ops(store, file, returned):
    where = file(
        f"MATCH (o:Op) WHERE o.opcode IN ['dot', 'tanh', 'add'] AND NOT o.graph CONTAINS '#' RETURN {returned}"
    )
    assert matches(store, where, hops=3) == [Match(CHAIN.id, (2,), 3), Match(DIAMOND.id, (2, 3), 3)]


def test_a_text_is_a_graph_s_id_first(store, file):
    assert matches(store, file(f"RETURN '{ODD.id}'")) == [Match(ODD.id)]
    assert matches(store, file(f"RETURN '{ODD.id}#3'")) == [Match(ODD.id, (3,))]


def test_a_file_need_not_end_so_and_its_comment_is_no_header(store, file):
    where = file("// Which?\n// All.\nMATCH (g:Graph) WHERE g.name = $name RETURN g", "anything")
    assert matches(store, where, params={"name": "chain", "other": 1}) == [Match(CHAIN.id)]
    with pytest.raises(UsageError, match=r"anything: needs the parameter name: -p name=VALUE"):
        matches(store, where)


HEADER = """\
// The ops of an opcode.
//
// parameter opcode: string         which
// parameter least: int 0..9 = 0    smallest index
//
// column op                        the op
MATCH (o:Op {opcode: $opcode}) WHERE o.index >= $least RETURN o AS op
"""


def test_a_header_says_the_parameters(store, file):
    where = file(HEADER)
    assert matches(store, where, params={"opcode": "dot"}) == [Match(DIAMOND.id, (2,))]
    with pytest.raises(UsageError, match="parameter least: expected int from 0 to 9, found 10"):
        matches(store, where, params={"opcode": "dot", "least": 10})
    with pytest.raises(UsageError, match="some: needs opcode"):
        matches(store, where)
    with pytest.raises(DataError, match=r"some.cypher:3: .*expected a type"):
        matches(store, file(HEADER.replace("opcode: string", "opcode: text")), params={"opcode": "dot"})


def test_parameters_that_nothing_takes(file):
    where = file("MATCH (g:Graph {name: $name}) RETURN g")
    expect_parameters([where, "g.ops > $ops", None], {"name": "x", "ops": 3})
    with pytest.raises(UsageError, match="no parameter 'nam'; it takes name, ops; did you mean name"):
        expect_parameters([where, "g.ops > $ops"], {"nam": "x"})
    with pytest.raises(UsageError, match="it takes none"):
        expect_parameters(["g.name = '$x'"], {"x": 1})


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("RETURN 1", "value: expected a Graph, its id, .*, found 1"),
        ("RETURN null", "found None"),
        ("MATCH (c:Config) RETURN c", "found a node of Config"),
        ("MATCH (o:Op) RETURN o.graph AS graph, o.opcode AS index", "row 1: value: .*found {'graph': "),
        ("MATCH (o:Op) RETURN o.graph AS graph, o.index AS index, 1 AS x", "columns: .*found graph, index, x"),
        ("RETURN 'nonsense'", "of what is loaded, found 'nonsense'"),
        (f"RETURN '{DIAMOND.id}#4'", f"of what is loaded, found '{DIAMOND.id}#4'"),
        (f"RETURN '{DIAMOND.id}' AS graph, -1 AS index", "of what is loaded, found .*-1"),
        (
            "MATCH (g:Graph {name: 'chain'}) RETURN g AS x UNION ALL MATCH (o:Op {opcode: 'dot'}) RETURN o AS x",
            f"expected graphs alone, or ops alone, found both, as {CHAIN.id} and an op of {DIAMOND.id}",
        ),
    ],
)
def test_rows_that_are_neither(store, file, text, found):
    with pytest.raises(DataError, match=found) as error:
        matches(store, file(text))
    assert "\n" not in str(error.value)


def test_no_row(store, file):
    where = file("MATCH (o:Op {opcode: 'fft'}) RETURN o")
    with pytest.raises(
        NotFoundError, match=rf"no graph matches .*some.cypher' \(tpudb query -f {where} shows its rows"
    ):
        matches(store, where)


@pytest.mark.parametrize(
    "text", ["CREATE (g:Graph {id: 'x'}) RETURN g", "MATCH (g:Graph) SET g.name = 'x' RETURN g", "MATCH (n) DELETE n"]
)
def test_a_file_that_would_write(store, file, text):
    where = file(text)
    with pytest.raises(ReadOnlyError, match=f"{where}: --where only reads, and a read cannot .*{where} --write runs"):
        matches(store, where)
    assert len(store.query("MATCH (g:Graph) WHERE g.name <> 'x' RETURN g")) == 3


def test_a_file_that_is_no_cypher_or_cannot_be_read(store, file, tmp_path):
    with pytest.raises(QueryError):
        matches(store, file("MATCH (g:Graph RETURN g"))
    with pytest.raises(UsageError, match=r"none.cypher: cannot be read \(No such file or directory\)"):
        matches(store, tmp_path / "none.cypher")
    (tmp_path / "bytes.cypher").write_bytes(b"\xff")
    with pytest.raises(UsageError, match=r"bytes.cypher: expected Cypher in UTF-8, found"):
        matches(store, tmp_path / "bytes.cypher")


def test_a_match_of_ops_is_their_surroundings(store):
    part = matched_part(store, Match(CHAIN.id, (0,), 1))
    assert (part.near.tolist(), part.ops.tolist(), part.size) == ([0, 1], [0], 4)
    assert matched_record(store, Match(CHAIN.id, (0,), 1)).opcodes.tolist() == ["parameter", "negate"]
    assert matched_part(store, Match(CHAIN.id)) is None
    assert len(matched_record(store, Match(CHAIN.id))) == 4


def test_what_a_condition_says_is_one():
    assert not statement("g.name = 'x'").in_file
    assert statement("g.name = $name").parameters == {"name"}
