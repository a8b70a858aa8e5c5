import os
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import real
from tpugraph_db.errors import DataError, UsageError
from tpugraph_db.models.submission import Submission, id_of, submission, validate

SAMPLE = Submission({"tile:xla:t": (0, 1, 2, 3, 4), "layout:xla:default:a": (0, 1, 2), "layout:nlp:random:a": (0, 1)})
TEXT = "ID,TopConfigs\ntile:xla:t,0;1;2;3;4\nlayout:xla:default:a,0;1;2\nlayout:nlp:random:a,0;1\n"
ORDERS = {
    "tile:xla:t": np.array([9, 7, 5, 3, 1, 0]),
    "layout:xla:default:a": [3, 2, 0, 1],  # the file holds one more than the sample's row
    "layout:nlp:random:a": [1, 0],
}
ROWS = {"tile:xla:t": (9, 7, 5, 3, 1), "layout:xla:default:a": (2, 0, 1), "layout:nlp:random:a": (1, 0)}


def saved(folder, text):
    path = folder / "sample.csv"
    path.write_text(text)
    return path


def names(folder):
    return [path.name for path in folder.iterdir()]


def test_the_id_of_a_graph():
    assert id_of("layout:xla:default", "diamond") == "layout:xla:default:diamond"


def test_read(tmp_path):
    assert Submission.read(saved(tmp_path, TEXT)) == SAMPLE
    assert Submission.read(saved(tmp_path, TEXT.replace("\n", "\r\n"))) == SAMPLE


def test_rows_are_those_of_the_sample():
    made = submission(SAMPLE, ORDERS.get)
    assert list(made.rows.items()) == list(ROWS.items())
    assert {type(number) for order in made.rows.values() for number in order} == {int}


def test_missing_graphs_are_an_error_that_names_some():
    with pytest.raises(UsageError) as error:
        submission(SAMPLE, {"layout:nlp:random:a": [1, 0]}.get)
    assert str(error.value) == (
        "2 of 3 test graphs are missing: tile:xla:t, layout:xla:default:a; "
        "load them, or take the sample's rows for them: --fill sample"
    )


def test_missing_graphs_may_be_filled():
    made = submission(SAMPLE, {"layout:nlp:random:a": [1, 0]}.get, fill=True)
    assert made.rows == {**SAMPLE.rows, "layout:nlp:random:a": (1, 0)}


@pytest.mark.parametrize(
    ("name", "order", "message"),
    [
        ("tile:xla:t", [1, 2, 3, 4], "tile:xla:t: expected 5 configurations, found 4"),
        ("tile:xla:t", [1, 2, 3, 4, 1], "tile:xla:t: expected each configuration once, found 1 2 times"),
        ("tile:xla:t", [1, 2, 3, 4, -1], "tile:xla:t: expected 0 or more, found -1-4"),
        ("layout:xla:default:a", [0, 1], "layout:xla:default:a: expected 3 configurations, found 2"),
        ("layout:xla:default:a", [0, 1, 1], "expected each configuration once, found 1 2 times"),
        ("layout:xla:default:a", [0, 1, -1], "expected a permutation of 0-2, found -1-1"),
    ],
)
def test_an_order_that_makes_no_row(name, order, message):
    with pytest.raises(DataError, match=re.escape(message)):
        submission(SAMPLE, {**ORDERS, name: order}.get)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"layout:nlp:random:a": None}, "submission: ID: expected every id of the sample, found none of layout:nlp"),
        ({"layout:x": (0,)}, "submission: ID: expected only ids of the sample, found layout:x"),
        ({"layout:xla:default:a": (1, 2, 3)}, "expected a permutation of 0-2, found 1-3"),
    ],
)
def test_validate(changes, message):
    rows = {name: order for name, order in {**ROWS, **changes}.items() if order is not None}
    with pytest.raises(DataError, match=message):
        validate(rows, SAMPLE)


def test_validate_takes_what_is_right():
    validate(ROWS, SAMPLE)
    validate(SAMPLE.rows, SAMPLE)


def test_write(tmp_path):
    path = tmp_path / "submission.csv"
    submission(SAMPLE, ORDERS.get).write(path, SAMPLE)
    assert path.read_bytes() == (
        b"ID,TopConfigs\ntile:xla:t,9;7;5;3;1\nlayout:xla:default:a,2;0;1\nlayout:nlp:random:a,1;0\n"
    )
    assert Submission.read(path).rows == ROWS
    assert names(tmp_path) == ["submission.csv"]


def test_what_is_not_valid_is_not_written(tmp_path):
    with pytest.raises(DataError, match="every id of the sample"):
        Submission({}).write(tmp_path / "submission.csv", SAMPLE)
    assert names(tmp_path) == []


def test_a_full_disk_leaves_what_was_there(tmp_path, monkeypatch):
    path = saved(tmp_path, "before")

    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        SAMPLE.write(path, SAMPLE)
    assert (path.read_text(), names(tmp_path)) == ("before", ["sample.csv"])


ID = "layout:xla:default:y"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", ": header: expected ID,TopConfigs, found ''"),
        ("ID,Top\n", ": header: expected ID,TopConfigs, found 'ID,Top'"),
        ("\ufeffID,TopConfigs\n", ": header: expected ID,TopConfigs, found '\\ufeffID,TopConfigs'"),
        ("ID,TopConfigs\n", ": rows: expected one for each test graph, found the header alone"),
        ("ID,TopConfigs\nx:y,0;1\n", ":2: row: expected an id of layout:xla:default, layout:xla:random, layout:nlp:"),
        ("ID,TopConfigs\nlayout:xla:other:y,0\n", ":2: row: expected an id of layout:xla:default"),
        (f"ID,TopConfigs\n{ID},0;1\n\n", ":3: row: expected an id of"),
        (f"ID,TopConfigs\n{ID},0;1;\n", ":2: row: expected"),
        (f"ID,TopConfigs\n{ID},\n", ":2: row: expected"),
        (f"ID,TopConfigs\n{ID},0; 1\n", ":2: row: expected"),
        (f"ID,TopConfigs\n{ID},0;²\n", ":2: row: expected"),
        (f"ID,TopConfigs\n{ID},0;{'9' * 5_000}\n", ":2: row: expected"),
        (f"ID,TopConfigs\n{ID},{'0;' * 2**20}0\n", ":2: row: expected at most 1,000,000 numbers, found 1,048,577"),
        (f"ID,TopConfigs\n{ID},0;2\n", f":2: {ID}: expected a permutation of 0-1, found 0-2"),
        ("ID,TopConfigs\ntile:xla:y,0;1\n", ":2: tile:xla:y: expected 5 configurations, found 2"),
        (f"ID,TopConfigs\n{ID},0\n{ID},0\n", f":3: ID: expected ids that differ, found {ID} again"),
    ],
)
def test_a_file_that_is_no_submission(tmp_path, text, message):
    with pytest.raises(DataError, match=re.escape(f"sample.csv{message}")):
        Submission.read(saved(tmp_path, text))


def test_a_file_that_is_no_text(tmp_path):
    (tmp_path / "sample.csv").write_bytes(b"\xff")
    with pytest.raises(DataError, match=r"sample.csv: content: expected UTF-8"):
        Submission.read(tmp_path / "sample.csv")


@given(st.integers(1, 30).flatmap(lambda length: st.tuples(st.just(length), st.permutations(range(length + 3)))))
def test_a_layout_row_keeps_the_order_of_what_the_sample_holds(drawn):
    length, order = drawn
    sample = Submission({"layout:y": tuple(range(length))})
    row = submission(sample, {"layout:y": order}.get).rows["layout:y"]
    assert sorted(row) == list(range(length))
    assert [order.index(number) for number in row] == sorted(order.index(number) for number in row)


def test_the_competitions_own(data, tmp_path):
    path = data / "reference" / "sample_submission.csv"
    sample = Submission.read(path)
    record = real.record(data, "nlp hidden")
    assert (len(sample.rows), len(sample.rows[id_of(record.collection, record.name)]), len(record.configurations)) == (
        894,
        1_000,
        1_001,
    )
    made = submission(sample, {id_of(record.collection, record.name): np.arange(1_001)[::-1]}.get, fill=True)
    assert made.rows[id_of(record.collection, record.name)] == tuple(range(999, -1, -1))
    sample.write(tmp_path / "copy.csv", sample)
    assert (tmp_path / "copy.csv").read_bytes() == path.read_bytes()
