import pytest

from tests import graphs
from tests.formats.files import refusal
from tests.graphs import LOWERED_TEXT
from tpugraph_db.formats import hlo_text, read


@pytest.fixture
def path(tmp_path):
    return tmp_path / "loss.before_optimizations.txt"


def test_a_text_is_the_literal_program(path):
    path.write_text(LOWERED_TEXT)
    record, by_hand = read(path), graphs.lowered()
    assert record.id == "hlo:local/none/loss.before_optimizations"
    assert record.program == by_hand.program
    assert record.edges.tolist() == by_hand.edges.tolist()
    assert record.opcode_numbers.tolist() == by_hand.opcode_numbers.tolist()
    assert record.is_root.tolist() == by_hand.is_root.tolist()
    assert len(record.configurations) == 0


def test_what_is_not_known_is_kept_and_counted(path):
    path.write_text(LOWERED_TEXT.replace("kind=kLoop", "kind=kLoop, novelty={1}"))
    record = read(path)
    assert record.program.attributes[7] == "kind=kLoop, novelty={1}, calls=fused"
    assert record.unknown == {"novelty": 1}


def test_an_error_has_its_place(path):
    path.write_text(LOWERED_TEXT.replace("add(%a, %b)", "add(%a, %b"))
    assert refusal(path) == "line 7, column 1: expected a comma or ), found '}'"


def test_a_module_of_more_ops_than_there_is_room_for(path):
    path.write_text(LOWERED_TEXT)
    assert len(read(path, max_bytes=22_000)) == 11
    with pytest.raises(Exception, match=r"file: expected at most 10 ops, found 11; --max-bytes"):
        read(path, max_bytes=21_999)


@pytest.mark.parametrize(
    "head",
    [
        b"HloModule x",
        b"HloModule\tx",
        b"\xef\xbb\xbfHloModule x",
        b"\n\n  HloModule x",
        b"// why\n// not\nHloModule x",
        b"/* one\ntwo */ HloModule x",
    ],
)
def test_hlo_is_known_by_its_begin(head):
    assert hlo_text.sniff(head)


@pytest.mark.parametrize(
    "head", [b"", b"HloModule", b"HloModules x", b"# HloModule x", b"BufferAssignment:", b"/" * 9_999, b"/*" * 9_999]
)
def test_other_texts_are_not_hlo(head):
    assert not hlo_text.sniff(head)
