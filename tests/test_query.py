import pytest

from tpugraph_db.errors import AmbiguousError, NotFoundError, PayloadError, UsageError
from tpugraph_db.query import find_graph, run_named, stored_record


@pytest.fixture
def loaded(db, literal_files):
    db.load([literal_files])
    return db


class TestFindGraph:
    @pytest.mark.parametrize("part", ["layout:test:default/valid/diamond", "diamond", "valid/", "mond"])
    def test_an_id_or_any_unique_part(self, loaded, part):
        assert find_graph(loaded.store, part) == "layout:test:default/valid/diamond"

    def test_several_are_listed(self, loaded):
        with pytest.raises(AmbiguousError, match=r"'layout:' fits 2 graphs: .*train/chain, .*valid/diamond"):
            find_graph(loaded.store, "layout:")

    def test_none_says_what_was_meant(self, loaded):
        with pytest.raises(NotFoundError, match="no graph 'chian' among 3; did you mean chain"):
            find_graph(loaded.store, "chian")

    def test_a_whole_id_wins_over_a_part(self, loaded, tmp_path):
        from tests import graphs
        from tests.conftest import write_npz

        loaded.load([write_npz(graphs.make_record("chain2", [("parameter", "f32[]")], []), tmp_path)])
        assert find_graph(loaded.store, "layout:test:default/train/chain") == "layout:test:default/train/chain"


class TestStoredRecord:
    def test_is_the_record_that_was_loaded(self, loaded, literal_files):
        import tpugraph_db

        original = tpugraph_db.read(next(literal_files.rglob("diamond.npz")))
        assert stored_record(loaded.store, original.id, verify=True) == original

    def test_a_graph_that_is_not_there(self, loaded):
        with pytest.raises(NotFoundError, match="no graph 'x'"):
            stored_record(loaded.store, "x")

    def test_a_payload_that_is_gone(self, loaded):
        for file in loaded.store.payload_folder.iterdir():
            file.unlink()
        with pytest.raises(PayloadError, match="--replace"):
            stored_record(loaded.store, "tile:test/train/two")

    def test_a_graph_that_names_none(self, loaded):
        loaded.query("MATCH (g:Graph {name: 'two'}) REMOVE g.payload", write=True)
        with pytest.raises(PayloadError, match="tile:test/train/two names no payload"):
            stored_record(loaded.store, "tile:test/train/two")


def test_a_named_query_takes_a_part_of_a_graph_id(loaded):
    result = run_named(loaded.store, "opcode_histogram", {"graph": "two"}, limit=1)
    assert (result.columns[0], result.rows[0][0], result.rows[0][1]) == ("opcode", "parameter", 3)


def test_a_named_query_with_a_wrong_parameter(loaded):
    with pytest.raises(UsageError, match="graphs"):
        run_named(loaded.store, "opcode_histogram", {"graphs": "two"})
