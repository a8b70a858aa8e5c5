import pytest

from tpugraph_db import errors
from tpugraph_db.errors import DataError, QueryError, StoreBusyError, TpuGraphError, did_you_mean, printable


def test_a_data_error_says_where_what_was_expected_and_found():
    error = DataError("x.npz", "edge_index", expected="int64 (edges, 2)", found="float32 (3, 2)")
    assert str(error) == "x.npz: edge_index: expected int64 (edges, 2), found float32 (3, 2)"


def test_a_data_error_ends_with_the_cure():
    error = DataError("x.npz", "file", expected="a zip", found="text", cure="fetch it again")
    assert str(error) == "x.npz: file: expected a zip, found text; fetch it again"


def test_a_data_error_keeps_its_parts():
    error = DataError("x.npz", "file", expected="a zip", found="text", cure="fetch it again")
    assert (error.where, error.key, error.expected, error.found, error.cure) == (
        *("x.npz", "file", "a zip", "text"),
        "fetch it again",
    )


@pytest.mark.parametrize("error", [DataError("a", "b", expected="c", found="d\n e"), QueryError("a\n  b")])
def test_messages_are_one_line(error):
    assert "\n" not in str(error)
    assert "  " not in str(error)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("/data/a b.npz", "/data/a b.npz"),
        ("naïve-图", "naïve-图"),
        ("a\nb", r"a\nb"),
        ("\x1b[31m", r"\x1b[31m"),
        ("\udcff", r"\udcff"),
        ("\u202e", r"\u202e"),
        ("\U000e0001", r"\U000e0001"),
    ],
)
def test_what_cannot_be_shown_is_escaped(text, shown):
    assert printable(text) == shown
    assert printable(text).isprintable()


def test_a_message_is_safe_on_a_terminal():
    error = DataError("x.pb", "%a\x00b", expected="a name", found="\x1b[2J")
    assert str(error) == r"x.pb: %a\x00b: expected a name, found \x1b[2J"


def test_every_error_is_of_the_one_tree():
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    assert len(kinds) > 10
    assert all(issubclass(kind, TpuGraphError) for kind in kinds)


def test_a_query_error_may_say_the_place():
    error = QueryError("bad", line=2, column=7)
    assert (error.line, error.column) == (2, 7)


def test_a_busy_store_may_say_who_holds_it():
    assert StoreBusyError("held", pid=42).pid == 42


def test_near_names_are_offered():
    assert did_you_mean("convolutoin", ["convolution", "dot"]) == "; did you mean convolution?"


def test_at_most_three_names_are_offered():
    assert did_you_mean("op", ["op1", "op2", "op3", "op4"]).count("op") == 3


def test_nothing_is_offered_where_nothing_is_near():
    assert did_you_mean("xyz", ["convolution"]) == ""
