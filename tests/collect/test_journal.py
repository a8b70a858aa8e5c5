import pytest

from tpugraph_db.collect.journal import Journal
from tpugraph_db.errors import DataError


def filled(path):
    journal = Journal(path)
    journal.begin({"sha256": "a", "configs": 3})
    journal.compile(0, {"status": "ok", "key": "k"})
    journal.process("run 1")
    journal.round("run 1", 1, [5, 6])
    journal.round("run 1", 0, [3, 4])
    journal.spend("measuring", 0.5)
    journal.spend("measuring", 0.25)
    return journal


def test_it_knows_what_it_was_told(tmp_path):
    told = filled(tmp_path / "j")
    told.close()
    again = Journal(tmp_path / "j")
    for journal in (told, again):
        assert journal.compiled == {0: {"status": "ok", "key": "k"}}
        assert journal.rounds("run 1", 2).tolist() == [[3, 4], [5, 6]]
        assert journal.done("run 1") == {0, 1}
        assert journal.done("run 2") == set()
        assert journal.processes == {"run 1": 1}
        assert journal.seconds == {"measuring": 0.75}


def test_any_end_of_a_process_leaves_whole_lines(tmp_path):
    filled(tmp_path / "j").close()
    whole = (tmp_path / "j").read_bytes()
    lines = whole.splitlines(keepends=True)
    for size in range(len(whole)):
        cut = tmp_path / f"{size}"
        cut.write_bytes(whole[:size])
        Journal(cut).close()
        kept = cut.read_bytes()
        assert whole.startswith(kept)
        assert len(kept) == sum(len(line) for line in lines[: whole[:size].count(b"\n")])


def test_what_comes_after_half_a_line(tmp_path):
    filled(tmp_path / "j").close()
    with open(tmp_path / "j", "a") as file:
        file.write('{"run": "run 1", "rou')
    journal = Journal(tmp_path / "j")
    journal.round("run 1", 2, [7, 8])
    journal.close()
    assert Journal(tmp_path / "j").rounds("run 1", 3).tolist() == [[3, 4], [5, 6], [7, 8]]


@pytest.mark.parametrize("line", ["nonsense", "[1]", "\x00"])
def test_a_line_that_is_none_of_ours(tmp_path, line):
    filled(tmp_path / "j").close()
    with open(tmp_path / "j", "a") as file:
        file.write(f"{line}\n")
    with pytest.raises(DataError, match=r"j: line 8: journal: expected a JSON object, found .*; remove the folder"):
        Journal(tmp_path / "j")


def test_the_same_work_goes_on(tmp_path):
    filled(tmp_path / "j").close()
    Journal(tmp_path / "j").begin({"sha256": "a", "configs": 3})


def test_other_work_is_refused(tmp_path):
    filled(tmp_path / "j").close()
    with pytest.raises(DataError, match=r"sha256: expected a, found b now; remove .* to begin again"):
        Journal(tmp_path / "j").begin({"sha256": "b", "configs": 3})
