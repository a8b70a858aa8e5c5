"""What kill -9 leaves of an index that the engine was rewriting, made by hand: files taken away, and put back."""

import shutil

import pytest

import tpugraph_db
from benchmarks.synthetic import make
from tests.conftest import write_npz
from tpugraph_db.stores.jvm import java

OPS = 3_000
COUNTS = "MATCH (g:Graph) MATCH (o:Op {graph: g.id}) RETURN g.ops, count(o)"


@pytest.fixture
def folder(tmp_path):
    """A closed store whose indexes have been compacted: most entries are in a second file."""
    with tpugraph_db.open(tmp_path / "store") as database:
        database.load([write_npz(make("g", OPS, 5, seed=0), tmp_path)])
        compact(database)
    return tmp_path / "store"


def compact(database):
    """Have the engine rewrite the index on Op.graph, which it also does by itself now and then."""
    index = part(database)
    assert index.scheduleCompaction()
    assert index.compact()


def part(database):
    """The index on Op.graph in its one bucket."""
    (found,) = database.store._java.getSchema().getIndexByName("Op[graph]").getIndexesOnBuckets()
    return java("com.arcadedb.index.lsm.LSMTreeIndex") @ found


def index_files(folder):
    return {path.name for path in (folder / "graph").iterdir() if path.suffix.endswith("idx")}


def check(folder, capfd):
    """The store answers by the index, twice, and nothing is said."""
    for _ in range(2):
        with tpugraph_db.open(folder) as database:
            assert database.query(COUNTS).rows == [(OPS, OPS)]
            assert part(database).countEntries() == OPS
    assert capfd.readouterr() == ("", "")


def test_an_index_that_lost_its_larger_part_is_made_again(folder, capfd):
    with tpugraph_db.open(folder) as database:
        lost = part(database).getMutableIndex().getSubIndex().getName()
        assert part(database).getMutableIndex().getSubIndex().getTotalPages() > 1
    files = [*(folder / "graph").glob(f"{lost}.*")]
    assert len(files) == 1
    files[0].unlink()
    check(folder, capfd)


def test_a_file_that_belongs_to_no_index_goes(folder, tmp_path, capfd):
    with tpugraph_db.open(folder) as database:
        old = part(database).getMutableIndex().getName()
    (file,) = (folder / "graph").glob(f"{old}.*")
    shutil.copy(file, tmp_path)
    with tpugraph_db.open(folder) as database:
        database.store._java.command("sql", "REBUILD INDEX `Op[graph]`").close()
    assert file.name not in index_files(folder)
    shutil.copy(tmp_path / file.name, folder / "graph")
    check(folder, capfd)
    assert file.name not in index_files(folder)


def test_a_store_without_a_fault_keeps_its_files(folder, capfd):
    before = index_files(folder)
    check(folder, capfd)
    assert index_files(folder) == before
