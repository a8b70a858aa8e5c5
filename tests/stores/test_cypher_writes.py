import pytest

from tests.stores.cases.case import Change
from tests.stores.cases.writes import WRITES
from tests.stores.rows import same_rows
from tpugraph_db.errors import ReadOnlyError


@pytest.mark.parametrize("change", WRITES, ids=lambda change: change.name.replace(" ", "-"))
def test_write(db, change: Change):
    for text in change.writes:
        db.query(text, change.params, write=True)
    found = db.query(change.text).rows
    assert same_rows(found, change.rows), found


@pytest.mark.parametrize("change", WRITES, ids=lambda change: change.name.replace(" ", "-"))
def test_no_write_is_taken_for_a_read(db, change: Change):
    before = db.query("MATCH (n) RETURN count(n)").rows
    with pytest.raises(ReadOnlyError, match="--write"):
        db.query(change.writes[-1], change.params)
    assert db.query("MATCH (n) RETURN count(n)").rows == before
