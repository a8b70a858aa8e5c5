"""Every command about a graph, asked of one that is odd: hostile names, one op, no configurations, nothing measured."""

from __future__ import annotations

import csv
import json

import pytest

from tests import graphs
from tests.hlo.messages import computation, instruction, module
from tpugraph_db.formats import npz
from tpugraph_db.hlo import hlo_pb2

NAMES = ("[red]a[/red]", "\x1b[31mred\x07", '=cmd|"/c calc"!A1', "</script><script>alert(1)</script>", "\u202ebidi")
ASKED = {
    "hot": [["hot"], ["hot", "--by", "fanout"], ["hot", "--by", "modelled", "--machine", "tpu_v4"]]
    + [["hot", "--group", group] for group in ("opcode", "block", "source")],
    "path": [["path"], ["path", "--slack"]],
    "blocks": [["blocks"]],
    "stats": [["stats"], *(["stats", "--by", group] for group in ("opcode", "block", "computation", "source"))],
    "roofline": [["roofline", "--machine", "tpu_v4"]],
}
WITHOUT_CONFIGURATIONS = [
    ["configs"],
    ["sensitivity"],
    ["why", "--config", "best", "--vs", "worst"],
    ["hot", "--by", "measured"],
    ["hot", "--by", "sensitivity"],
]


def hostile() -> bytes:
    """A chain whose names and metadata are hostile."""
    ops = []
    for at, name in enumerate(NAMES):
        metadata = hlo_pb2.Metadata(op_name=name, source_file=name, source_line=1).SerializeToString()
        before = [at] if at else []
        ops.append(instruction(at + 1, "negate" if at else "parameter", before, name=name, metadata=metadata))
    return module(computation(1, "[bold]main\x1b[0m", *ops)).SerializeToString()


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("odd")
    (folder / "hostile.pb").write_bytes(hostile())
    npz.write(
        graphs.make_record("one", [("constant", "f32[4]{0}")], [], collection="layout:test:default"), folder / "one.npz"
    )
    npz.write(graphs.chain(), folder / "chain.npz")
    return folder


def commands(file):
    return [[verb, str(file), *more] for asked in ASKED.values() for verb, *more in asked]


@pytest.mark.parametrize("name", ["hostile.pb", "one.npz", "chain.npz"])
def test_every_command_answers_or_says_why(cli, files, name):
    for words in [*commands(files / name), ["near", str(files / name), "0"], ["nx", str(files / name), "pagerank"]]:
        for format_ in ("table", "json", "jsonl"):
            ran = cli(*words, "--format", format_)
            assert ran.code == 0, (words, ran.err)
            assert "\x1b" not in ran.out + ran.err, words
            assert "\u202e" not in ran.out + ran.err, words


def test_names_come_through_as_they_are_and_do_nothing(cli, files):
    ran = cli("near", files / "hostile.pb", "0", "-k", 9, "--format", "json")
    assert [row["name"] for row in json.loads(ran.out)] == list(NAMES)
    table = cli("near", files / "hostile.pb", "0", "-k", 9).out
    assert all(shown in table for shown in ("[red]a[/red]", "\\x1b[31mred\\x07", "\\u202ebidi"))
    rows = list(csv.reader(cli("near", files / "hostile.pb", "0", "-k", 9, "--format", "csv").out.splitlines()))
    assert not [cell for row in rows for cell in row if cell.startswith("=")]


@pytest.mark.parametrize("words", WITHOUT_CONFIGURATIONS, ids=" ".join)
@pytest.mark.parametrize("name", ["hostile.pb", "one.npz", "chain.npz"])
def test_what_was_not_measured_is_said_in_a_line(cli, files, name, words):
    verb, *more = words
    ran = cli(verb, files / name, *more)
    assert ran.code == 1, ran.out
    assert ran.out == ""
    assert len(ran.err.splitlines()) == 1
    assert "\x1b" not in ran.err


def test_an_op_that_is_not_there(cli, files):
    ran = cli("near", files / "one.npz", "1")
    assert (ran.code, ran.out) == (1, "")
    assert "one" in ran.err
