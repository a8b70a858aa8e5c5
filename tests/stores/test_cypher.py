import pytest

from tests.stores.cases import clauses, patterns, subqueries, values
from tests.stores.cases.case import Case
from tests.stores.rows import same_rows

MODULES = (patterns, subqueries, values, clauses)
CASES = [case for module in MODULES for group in vars(module).values() if isinstance(group, list) for case in group]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name.replace(" ", "-"))
def test_read(loaded, case: Case):
    result = loaded.query(case.text, case.params)
    assert result.columns == tuple(case.columns.split("|"))
    assert same_rows(result.rows, case.rows, ordered=case.ordered), result.rows
