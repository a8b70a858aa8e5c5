import re

import pytest

from tpugraph_db import columns

ROW = re.compile(r"\| (\d+) \| `(\w+)` \|")


@pytest.fixture(scope="module")
def tables(data):
    """The reference's three tables: their names by number, in the order in which they stand."""
    sections = (data / "reference" / "node_features.md").read_text().split("\n## ")[1:4]
    return [{int(number): name for number, name in ROW.findall(section)} for section in sections]


@pytest.mark.parametrize(
    ("table", "names"),
    [(0, columns.OP_COLUMNS), (1, columns.TILE_COLUMNS), (2, columns.LAYOUT_COLUMNS)],
    ids=["ops", "tiles", "layouts"],
)
def test_names_are_the_reference_s(tables, table, names):
    assert dict(enumerate(names)) == tables[table]


@pytest.mark.parametrize(
    ("names", "count"),
    [(columns.OP_COLUMNS, 140), (columns.TILE_COLUMNS, 24), (columns.LAYOUT_COLUMNS, 18)],
    ids=["ops", "tiles", "layouts"],
)
def test_there_are_as_many_names_as_columns(names, count):
    assert len(set(names)) == len(names) == count


def test_places_of_the_columns_that_others_use():
    names = columns.OP_COLUMNS
    assert names[columns.IS_ROOT] == "is_root"
    assert names[columns.DTYPE] == names[2:21]
    assert names[columns.DIMENSIONS] == names[21:27]
    assert (names[columns.DIMENSIONS_SUM], names[columns.DIMENSIONS_PRODUCT]) == names[27:29]
    assert names[columns.MINOR_TO_MAJOR] == names[134:]


def test_an_element_type_for_each_of_its_columns():
    names = [f"shape_element_type_is_{dtype}" for dtype in columns.DTYPES]
    found = [name.removesuffix("_type") for name in columns.OP_COLUMNS[columns.DTYPE]]
    assert found == names
