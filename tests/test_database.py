import pytest

import tpugraph_db
from tests.conftest import open_empty
from tests.formats.files import arrays_of, same_arrays
from tpugraph_db import schema, stores
from tpugraph_db.errors import NoStoreError, QueryError, SchemaVersionError, UsageError


def test_the_same_verbs_as_the_command_line(db, literal_files):
    db.load([literal_files])
    assert [row[0] for row in db.graphs()] == [
        "layout:test:default/train/chain",
        "layout:test:default/valid/diamond",
        "tile:test/train/two",
    ]
    assert db.find("two") == "tile:test/train/two"
    assert db.query("MATCH (o:Op) RETURN count(*) AS n").to_dicts() == [{"n": 16}]
    assert len(db.run("hubs", graph="diamond")) > 0
    assert db.record("chain").id == "layout:test:default/train/chain"
    (prediction,) = db.predict(["diamond"], write=True)
    assert db.query("MATCH (o:Op) WHERE o.cost IS NOT NULL RETURN o.index, o.cost ORDER BY o.index").rows == list(
        enumerate(prediction.prediction.ops["cost"].tolist())
    )
    assert db.clear(model="cost") == 1
    assert db.remove(["chain", "two"]) == ["layout:test:default/train/chain", "tile:test/train/two"]
    assert [row[0] for row in db.graphs()] == ["layout:test:default/valid/diamond"]


def test_export_writes_what_was_loaded(db, literal_files, tmp_path):
    db.load([literal_files])
    db.export("diamond", tmp_path / "diamond.npz")
    (path,) = literal_files.rglob("diamond.npz")
    assert same_arrays(arrays_of(tmp_path / "diamond.npz"), arrays_of(path))


def test_all_graphs_are_predicted_when_none_is_named(db, literal_files):
    db.load([literal_files])
    assert len(db.predict(write=True)) == 3
    counted = "MATCH (p:Prediction)-[:FOR]->(g:Graph) RETURN p.graph = g.id, p.model, p.nodes ORDER BY p.nodes"
    assert db.query(counted).rows == [(True, "cost", 4), (True, "cost", 4), (True, "cost", 8)]


def test_predicting_twice_leaves_one_prediction(db, literal_files):
    db.load([literal_files])
    db.predict(["two"], write=True)
    db.predict(["two"], write=True)
    assert db.query("MATCH (p:Prediction) RETURN count(*)").rows == [(1,)]


def test_who_opened_a_server_before_its_first_load_finds_its_payload(request, literal_files, tmp_path, monkeypatch):
    with open_empty("neo4j", request, tmp_path) as early:
        monkeypatch.setenv("TPUDB_PAYLOAD", str(tmp_path / "payload"))
        with tpugraph_db.open(early.store.location) as other:
            other.load([literal_files])
        assert early.record("diamond").id == "layout:test:default/valid/diamond"


@pytest.mark.parametrize(("version", "said"), [(0, "older"), (99, "newer")])
def test_another_schema_version_is_refused(db, literal_files, version, said, tmp_path):
    db.load([literal_files])
    db.query("MATCH (s:Store) SET s.schema_version = $v", {"v": version}, write=True)
    with pytest.raises(
        SchemaVersionError, match=f"expected {schema.SCHEMA_VERSION}, found {version}: the store is {said}"
    ):
        tpugraph_db.database.Database(db.store)


def test_opening_does_not_write(db):
    assert db.query("MATCH (n) RETURN count(*)").rows == [(0,)]


def test_a_store_that_is_not_there(tmp_path):
    with pytest.raises(NoStoreError, match="no store is there; make one with tpudb load"):
        tpugraph_db.open(tmp_path / "none", create=False)
    assert not (tmp_path / "none").exists()


def test_arcadedb_scheme(tmp_path):
    with tpugraph_db.open(f"arcadedb:{tmp_path / 'store'}") as db:
        assert (db.store.engine, repr(db)) == ("arcadedb", f"<Database arcadedb {tmp_path / 'store'}>")


def test_unknown_scheme():
    with pytest.raises(UsageError, match="http: unknown kind of store; expected a path, arcadedb:PATH, or neo4j,"):
        tpugraph_db.open("http://localhost")


class TestDefaultUri:
    def test_tpudb_db_first(self, monkeypatch):
        monkeypatch.setenv("TPUDB_DB", "here")
        monkeypatch.setenv("NEO4J_URI", "bolt://there")
        assert stores.default_uri() == "here"

    def test_then_neo4j_uri(self, monkeypatch):
        monkeypatch.delenv("TPUDB_DB", raising=False)
        monkeypatch.setenv("NEO4J_URI", "bolt://there")
        assert stores.default_uri() == "bolt://there"

    def test_then_the_data_folder(self, monkeypatch, tmp_path):
        monkeypatch.delenv("TPUDB_DB", raising=False)
        monkeypatch.delenv("NEO4J_URI", raising=False)
        monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
        assert stores.default_uri() == str(tmp_path / "tpugraph-db" / "store")


class TestPayloadFolder:
    def test_is_inside_an_embedded_store(self, tmp_path):
        with tpugraph_db.open(tmp_path / "store") as db:
            assert db.store.payload_folder == tmp_path / "store" / "payload"

    def test_of_a_neo4j_is_named_by_the_store(self, request, tmp_path, literal_files):
        from tests.conftest import open_empty

        with open_empty("neo4j", request, tmp_path) as db:
            db.load([literal_files])
            ((identity,),) = db.query("MATCH (s:Store) RETURN s.id").rows
            assert db.store.payload_folder == tmp_path / "payload" / identity
            assert len(list(db.store.payload_folder.iterdir())) == 3


@pytest.mark.parametrize("older", [1, 2])
def test_a_store_of_an_older_schema_is_read_and_brought_up_to_date_by_a_load(db, literal_files, older):
    db.load([literal_files])
    _forget_computations(db.store)
    db.query("MATCH (s:Store) SET s.schema_version = $older", {"older": older}, write=True)
    version = "MATCH (s:Store) RETURN s.schema_version"
    old = tpugraph_db.database.Database(db.store)
    assert old.query("MATCH (:Op)-[:IN]->(c:Computation) RETURN c").rows == []
    old.remove(["diamond"])
    assert len(old.graphs()) == 2
    assert old.query(version).rows == [(older,)]
    old.load([])
    assert old.query(version).rows == [(schema.SCHEMA_VERSION,)]
    old.store.write([("CREATE (:Op {uid: 'x'})-[:IN]->(:Computation {uid: 'y'})", {})])
    with pytest.raises(QueryError):
        old.store.write([("CREATE (:Computation {uid: 'y'})", {})])


def _forget_computations(store):
    """Make of a store's schema what it was before version 3."""
    if store.engine == "arcadedb":
        for kind in ("IN", "CALLS", "Computation"):
            store._java.command("sql", f"DROP TYPE `{kind}`")
    else:
        store.write([("DROP CONSTRAINT computation_uid", {})])
