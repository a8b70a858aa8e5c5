import pytest

from tpugraph_db.cypher.header import read_header
from tpugraph_db.cypher.named import Column, Parameter
from tpugraph_db.errors import DataError

GOOD = """\
// The ops within a few hops of one op,
// nearest first.
//
// parameter graph: string                      the graph's id
// parameter hops: int 0..6 = 2                 how far;  two spaces inside are no harm
// parameter way: string both,in,out = "both"   in: towards producers
// parameter opcodes: list<string> 1.. = ["add", "dot"]   only these
// parameter share: float = 0.5   of it
// parameter opcode: string = null   only this one
//
// column op   index
// column bytes [bytes]   of its output
MATCH (o:Op)
// parameter in: the text is no header
RETURN o.index AS op
"""


def test_everything_it_says():
    header = read_header("x.cypher", GOOD)
    assert header.what == "The ops within a few hops of one op, nearest first."
    assert header.parameters == (
        Parameter("graph", "string", "the graph's id"),
        Parameter("hops", "int", "how far;  two spaces inside are no harm", required=False, default=2, low=0, high=6),
        Parameter(
            "way", "string", "in: towards producers", required=False, default="both", among=("both", "in", "out")
        ),
        Parameter("opcodes", "list<string>", "only these", required=False, default=["add", "dot"], low=1),
        Parameter("share", "float", "of it", required=False, default=0.5),
        Parameter("opcode", "string", "only this one", required=False, default=None),
    )
    assert header.columns == (Column("op", "index"), Column("bytes", "of its output", "bytes"))
    assert header.lines == 12
    assert header.places["parameter hops"] == "x.cypher:5"
    assert header.places["column bytes"] == "x.cypher:12"


def test_parameters_read_back_from_their_own_text():
    parameters = read_header("x.cypher", GOOD).parameters
    lines = [f"// parameter {parameter}   {parameter.description}" for parameter in parameters]
    assert read_header("x.cypher", "\n".join(["// What.", "//", *lines])).parameters == parameters


BAD = {
    "nothing at all": ("RETURN 1 AS x", 1, "found none"),
    "no sentence": ("// parameter x: int   a number\nRETURN 1", 1, "one sentence"),
    "no end of the sentence": ("// What it is\n//\n// column x   a number\n", 1, "one sentence"),
    "another line": ("// What.\n//\n// paramter x: int   a number\n", 3, "two spaces"),
    "no description": ("// What.\n//\n// parameter x: int\n", 3, "two spaces"),
    "one space": ("// What.\n//\n// column x a number\n", 3, "two spaces"),
    "capitals": ("// What.\n//\n// column X   a number\n", 3, "two spaces"),
    "no type": ("// What.\n//\n// parameter x   a number\n", 3, "two spaces"),
    "unknown type": ("// What.\n//\n// parameter x: integer   a number\n", 3, "a type: int, float"),
    "bounds of a string": ("// What.\n//\n// parameter x: string 0..3   text\n", 3, "a,b for a string"),
    "strings for a number": ("// What.\n//\n// parameter x: int a,b   a number\n", 3, "0..6 for a number"),
    "default not in JSON": ("// What.\n//\n// parameter x: string = abc   text\n", 3, "default in JSON"),
    "default of another type": ('// What.\n//\n// parameter x: int = "3"   a number\n', 3, "default that is int"),
    "default out of bounds": ("// What.\n//\n// parameter x: int 0..6 = 7   a number\n", 3, "int from 0 to 6"),
    "parameter twice": ("// W.\n//\n// parameter x: int   one\n// parameter x: int   two\n", 4, "one line for it"),
    "column twice": ("// W.\n//\n// column x   one\n// column x   two\n", 4, "one line for it"),
}


@pytest.mark.parametrize(("text", "line", "said"), BAD.values(), ids=list(BAD))
def test_bad_ones_name_file_and_line(text, line, said):
    with pytest.raises(DataError) as caught:
        read_header("folder/x.cypher", text)
    assert str(caught.value).startswith(f"folder/x.cypher:{line}: ")
    assert said in str(caught.value)
