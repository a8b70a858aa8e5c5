"""What is written on stdout: harmless in a spreadsheet and on a terminal, and unchanged for a program."""

import csv
import io
import json
import os
import pty
import subprocess
import sys

import pyarrow.parquet as parquet
import pytest

from tpugraph_db.cli import output
from tpugraph_db.stores.result import Result

TPUDB = [sys.executable, "-m", "tpugraph_db"]

ESCAPES = [
    "\x1b[31mred",
    "\x1b]0;title\x07",
    "\x1b]8;;x\x07link",
    "\x9b2J",
    "\x90q\x9c",
    "over\rwritten",
    "two\nlines",
    "back\x08\x08",
    "\x7f",
    "\u202egnp.exe",
    "\u2066a\u2069",
    "\u061c\u200f",
    "zero\u200bwidth",
    "line\u2028end",
    "\U000e0041",
]
"""What a name can hold to move, recolour or deceive a terminal."""

FORMULAS = ["=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\ufeff=1", "＝1+1", "＋1", "－1", "＠x"]


def written(result, format_, capfd):
    """What a pipe gets."""
    capfd.readouterr()
    output.write(result, format_)
    return capfd.readouterr().out


def one(value, column="x"):
    return Result((column,), [(value,)], 1)


def printable(text):
    return all(line.isprintable() for line in text.split("\n"))


@pytest.mark.parametrize("text", ESCAPES)
@pytest.mark.parametrize("format_", ["table", "json", "jsonl"])
def test_no_escape_is_written(text, format_, capfd):
    for result in (one(text), one([text]), one({"a": text}), one(1, column=text)):
        assert printable(written(result, format_, capfd))


@pytest.mark.parametrize("text", ESCAPES)
def test_a_table_shows_the_escape(text, capfd):
    assert text.encode("unicode_escape").decode() in written(one(text), "table", capfd)
    assert text.encode("unicode_escape").decode() in written(one(1, column=text), "table", capfd)


def test_a_name_of_markup_stays_text(capfd):
    assert "[bold]x[/bold]" in written(one("[bold]x[/bold]", column="[red]y"), "table", capfd)


def test_what_prints_is_left_alone(capfd):
    for format_ in ("table", "json", "jsonl", "csv"):
        assert "größe 大きさ ∞" in written(one("größe 大きさ ∞"), format_, capfd)


@pytest.mark.parametrize("text", [*ESCAPES, *FORMULAS])
def test_json_and_parquet_are_the_same_to_a_program(text, capfd, tmp_path):
    assert json.loads(written(one(text, column=text), "json", capfd)) == [{text: text}]
    assert json.loads(written(one(text, column=text), "jsonl", capfd)) == {text: text}
    output.write(one(text, column=text), None, tmp_path / "x.parquet")
    assert parquet.read_table(tmp_path / "x.parquet").to_pylist() == [{text: text}]


@pytest.mark.parametrize("rows", [[], [(1, "a")], [(1, "a"), ([2], {"b": None})]])
def test_json_is_one_list(rows, capfd):
    text = written(Result(("x", "y"), rows, len(rows)), "json", capfd)
    assert text == json.dumps([dict(zip("xy", row, strict=True)) for row in rows], indent=2) + "\n"


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_of_csv_is_a_formula(text, capfd):
    cells = list(csv.reader(io.StringIO(written(Result((text, "b"), [("a", text)], 1), "csv", capfd), newline="")))
    assert cells == [["'" + text, "b"], ["a", "'" + text]]


@pytest.mark.parametrize("value", [-1, -1.5, 1e-9, -(2**63), float("-inf"), True, None, "a=1", "", [-1], {"=a": 1}])
def test_other_cells_of_csv_are_as_they_were(value, capfd):
    ((cell,),) = list(csv.reader(io.StringIO(written(one(value), "csv", capfd))))[1:] or (("",),)
    assert cell == ("" if value is None else value if isinstance(value, str) else json.dumps(value))


@pytest.mark.parametrize("text", [text for text in ESCAPES if text.isascii()])
def test_csv_in_a_pipe_holds_what_was_there(text, capfd):
    assert list(csv.reader(io.StringIO(written(one(text), "csv", capfd), newline="")))[1] == [text]


@pytest.mark.parametrize("format_", ["table", "json", "jsonl", "csv"])
def test_a_name_of_bytes_that_are_no_text_is_written(format_, capfd, tmp_path):
    name = os.fsdecode(b"\xff.npz")
    assert "\\udcff.npz" in written(one(name), format_, capfd)
    output.write(one(name), format_, tmp_path / "x")
    assert "\\udcff.npz" in (tmp_path / "x").read_text()


def on_a_terminal(*words):
    """Exit code and what a terminal gets, from stdout and stderr."""
    primary, secondary = pty.openpty()
    with subprocess.Popen([*TPUDB, *words], stdin=secondary, stdout=secondary, stderr=secondary) as process:
        os.close(secondary)
        shown = b""
        try:
            while more := os.read(primary, 65536):
                shown += more
        except OSError:  # its other end is closed
            pass
    os.close(primary)
    return process.returncode, shown.decode()


@pytest.mark.parametrize("format_", ["table", "json", "jsonl", "csv"])
def test_no_name_reaches_a_terminal_as_an_escape(format_, loaded):
    text = "RETURN $x AS x, $x AS `\x1b]0;column\x07`, [$x] AS list"
    code, shown = on_a_terminal("query", text, "-p", "x=" + "|".join(ESCAPES), "--format", format_)
    assert code == 0
    assert "\x1b]" not in shown
    assert not any(escape in shown for escape in ESCAPES)


def test_no_file_s_name_reaches_a_terminal_as_an_escape(empty, tmp_path):
    folder = tmp_path / "files"
    folder.mkdir()
    for at, escape in enumerate(ESCAPES):
        (folder / f"{at}{escape.replace('/', '')}.npz").write_bytes(b"not a zip")
    code, shown = on_a_terminal("load", str(folder))
    assert (code, shown.count("refused")) == (1, len(ESCAPES) + 1)
    assert not any(escape.replace("/", "") in shown for escape in ESCAPES)
