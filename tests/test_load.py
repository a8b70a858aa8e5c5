from pathlib import Path

import pytest

from tests import graphs, real
from tests.conftest import ENGINES, open_empty, write_npz
from tpugraph_db.errors import PayloadError
from tpugraph_db.formats import read
from tpugraph_db.load import survey_files
from tpugraph_db.rows import graph_rows

DIAMOND = graphs.diamond()
COUNTS = "MATCH (n) WHERE NOT n:Store RETURN count(*)"
GRAPH_COUNTS = """
MATCH (g:Graph {id: $id})
OPTIONAL MATCH (o:Op {graph: g.id})
WITH g, count(o) AS ops
OPTIONAL MATCH (:Op {graph: g.id})-[feeds:FEEDS]->(:Op)
WITH g, ops, count(feeds) AS feeds
OPTIONAL MATCH (:Op {graph: g.id})-[calls:CALLED_BY]->(:Op)
WITH g, ops, feeds, count(calls) AS calls
OPTIONAL MATCH (c:Config)-[:OF]->(g)
RETURN ops, feeds, calls, count(c)
"""


def statuses(outcomes):
    return {outcome.graph.rpartition("/")[2] or outcome.path.name: outcome.status for outcome in outcomes}


def payloads(db):
    return sorted(path.name for path in db.store.payload_folder.glob("*.safetensors"))


def changed(record, folder):
    """Write another graph under the same id."""
    return write_npz(record.replace(edges=record.edges[:-1]), folder)


@pytest.fixture(scope="module", params=ENGINES)
def store(request, tmp_path_factory):
    with open_empty(request.param, request, tmp_path_factory.mktemp("db")) as database:
        yield database


@pytest.fixture
def empty(store):
    """A database without graphs, on each engine in turn."""
    store.remove(row["id"] for row in store.graphs().to_dicts())
    return store


@pytest.fixture
def diamond(tmp_path):
    return write_npz(DIAMOND, tmp_path)


@pytest.fixture
def hlo_file(tmp_path):
    path = tmp_path / "loss.hlo"
    path.write_text(graphs.LOWERED_TEXT)
    return path


def stored(db, label, names, graph):
    """Columns of a graph's nodes, as rows.py makes them."""
    columns = ", ".join(f"n.{name} AS {name}" for name in names)
    found = db.query(f"MATCH (n:{label}) WHERE n.graph = $id RETURN {columns} ORDER BY n.index", {"id": graph})
    return {name: [row[at] for row in found.rows] for at, name in enumerate(names)}


def edges(db, kind, graph):
    text = f"MATCH (a:Op)-[:{kind}]->(b:Op) WHERE a.graph = $id RETURN a.index, b.index ORDER BY a.index, b.index"
    return [list(row) for row in db.query(text, {"id": graph})]


def test_a_literal_graph_in_the_store_is_its_rows(empty, literal_files, tmp_path):
    empty.load([literal_files])
    for record in (graphs.chain(), DIAMOND, graphs.two_computations()):
        expected = graph_rows(read(write_npz(record, tmp_path)), "")
        graph = empty.query("MATCH (g:Graph {id: $id}) RETURN properties(g)", {"id": record.id}).rows[0][0]
        assert graph | {"payload": "", "loaded_at": ""} == expected.graph | {"loaded_at": ""}
        assert stored(empty, "Op", expected.ops, record.id) == expected.ops
        assert stored(empty, "Config", expected.configs, record.id) == expected.configs
        assert edges(empty, "FEEDS", record.id) == expected.feeds.tolist()
        assert edges(empty, "CALLED_BY", record.id) == expected.called_by.tolist()


def test_a_program_in_the_store_is_its_rows(empty, hlo_file):
    (outcome,) = empty.load([hlo_file])
    record = read(hlo_file)
    expected = graph_rows(record, "")
    assert (outcome.ops, outcome.edges, outcome.elements) == (11, 11, expected.elements)
    for label, columns in (("Op", expected.ops), ("Computation", expected.computations)):
        assert stored(empty, label, columns, record.id) == columns
    graph = empty.query("MATCH (g:Graph) RETURN properties(g)").rows[0][0]
    assert graph | {"payload": "", "loaded_at": ""} == expected.graph | {"loaded_at": ""}
    assert empty.record("loss", verify=True) == record


def test_a_literal_graph_comes_back_from_the_store(empty, literal_files):
    empty.load([literal_files])
    for path in literal_files.rglob("*.npz"):
        assert empty.record(path.stem, verify=True) == read(path)


@pytest.mark.parametrize("name", ["unet3d", "tile 52 ops"])
def test_a_real_graph_in_the_store_has_its_counts(empty, data, name):
    record = real.record(data, name)
    (outcome,) = empty.load([real.path(data, name)], configs=10)
    calls = int(record.is_call.sum())
    assert empty.query(GRAPH_COUNTS, {"id": record.id}).rows == [(len(record), len(record.edges) - calls, calls, 10)]
    assert (outcome.status, outcome.ops, outcome.edges) == ("loaded", len(record), len(record.edges))
    assert empty.record(record.id, verify=True) == record


@pytest.mark.parametrize("name", ["bert_single_2", "gpt2_tp1", "llama2_7b_tp1", "mlp_single"])
def test_a_real_program_comes_back_from_the_store(empty, data, name):
    path = data / "hlo" / f"{name}.hlo"
    (outcome,) = empty.load([path])
    record = read(path)
    assert (outcome.status, outcome.unknown) == ("loaded", record.unknown)
    assert empty.record(name, verify=True) == record
    inside = "MATCH (o:Op)-[:IN]->(c:Computation) WHERE o.computation = c.index RETURN count(*), count(DISTINCT c)"
    assert empty.query(inside).rows == [(len(record), len(record.program.computation_names))]


def test_a_file_of_several_graphs_is_loaded_graph_by_graph(empty, data):
    path = data / "tuning" / "op_tuning_data.pb"
    outcomes = empty.load([path])
    assert [outcome.status for outcome in outcomes] == ["loaded"] * 15
    assert {outcome.path for outcome in outcomes} == {path}
    assert [outcome.status for outcome in empty.load([path])] == ["skipped"] * 15
    found = empty.query("MATCH (g:Graph) RETURN sum(g.configs), sum(g.failed_runs)").rows
    assert found == [(752, 2)]
    assert empty.record("fusion.232").failed_runs == 0
    default = "MATCH (c:Config {is_default: true})-[:OF]->(g) WHERE g.name ENDS WITH 'fusion.191' RETURN count(*)"
    assert empty.query(default).rows == [(1,)]


def test_a_dry_run_of_a_file_of_several_graphs(data):
    outcomes = survey_files(None, [data / "tuning"])
    assert [outcome.status for outcome in outcomes] == ["loaded"] * 16


def test_a_file_of_several_graphs_is_refused_whole(empty, data, tmp_path):
    (tmp_path / "cut.pb").write_bytes((data / "tuning" / "op_tuning_data.pb").read_bytes()[:-100])
    (outcome,) = empty.load([tmp_path])
    assert (outcome.status, outcome.graph) == ("refused", "")
    assert outcome.reason.startswith(f"{tmp_path}/cut.pb: file: expected HLO in protobuf")
    assert empty.query(COUNTS).rows == [(0,)]


def test_a_dump_gives_a_pair(empty, tmp_path):
    for name in ("before_optimizations.txt", "cpu_after_optimizations.txt"):
        (tmp_path / f"module_0001.jit_f.{name}").write_text(graphs.LOWERED_TEXT)
    (tmp_path / "module_0001.jit_f.cpu_after_optimizations-buffer-assignment.txt").write_text("BufferAssignment:")
    (tmp_path / "module_0001.jit_f.thunk_sequence.txt").write_text("000: kThunk")
    empty.load([tmp_path])
    assert empty.query("MATCH (g:Graph) RETURN g.name, g.stage ORDER BY g.stage").rows == [
        ("module_0001.jit_f.after_optimizations", "after_optimizations"),
        ("module_0001.jit_f.before_optimizations", "before_optimizations"),
    ]


def test_what_a_reader_did_not_know_is_in_the_outcome(empty, hlo_file):
    hlo_file.write_text(graphs.LOWERED_TEXT.replace("kind=kLoop", "kind=kLoop, novelty={1}"))
    (outcome,) = empty.load([hlo_file])
    assert outcome.unknown == {"novelty": 1}


def test_what_is_loaded_is_said(empty, diamond):
    (outcome,) = empty.load([diamond], configs=3)
    assert (outcome.path, outcome.status, outcome.graph, outcome.reason) == (diamond, "loaded", DIAMOND.id, "")
    assert (outcome.ops, outcome.edges, outcome.configs, outcome.config_nodes) == (4, 4, 4, 3)
    assert outcome.elements == (1 + 4 + 3) + (4 + 3)


def test_each_outcome_is_reported_once(empty, literal_files):
    reported = []
    outcomes = empty.load([literal_files], on_outcome=reported.append)
    assert reported == outcomes
    assert statuses(reported) == {"chain": "loaded", "diamond": "loaded", "two": "loaded"}


def test_the_same_file_again_is_skipped(empty, literal_files):
    empty.load([literal_files])
    before = empty.query(COUNTS).rows, payloads(empty)
    assert statuses(empty.load([literal_files])) == {"chain": "skipped", "diamond": "skipped", "two": "skipped"}
    assert (empty.query(COUNTS).rows, payloads(empty)) == before


def test_one_bad_file_does_not_stop_the_others(empty, diamond):
    (diamond.parent / "bad.npz").write_text("not a zip")
    (diamond.parent / "dangling.npz").symlink_to("nowhere")
    outcomes = empty.load([diamond.parent, diamond.parent / "gone.npz"])
    assert statuses(outcomes) == {
        "bad.npz": "refused",
        "dangling.npz": "refused",
        "gone.npz": "refused",
        "diamond": "loaded",
    }
    reasons = {outcome.path.name: outcome.reason for outcome in outcomes}
    assert reasons["bad.npz"].startswith(f"{diamond.parent}/bad.npz: file: expected a zip archive of .npy arrays (npz)")
    assert reasons["gone.npz"] == f"{diamond.parent}/gone.npz: No such file or directory"


def test_a_refused_file_leaves_nothing(empty, tmp_path):
    (tmp_path / "bad.npz").write_text("not a zip")
    empty.load([tmp_path / "bad.npz"])
    assert empty.query(COUNTS).rows == [(0,)]
    assert payloads(empty) == []


def test_the_same_id_from_another_file_is_refused(empty, diamond, tmp_path):
    empty.load([diamond])
    (outcome,) = empty.load([changed(DIAMOND, tmp_path)])
    assert outcome.status == "refused"
    why = "is loaded from another file (its sha256 differs); --replace puts this one in its place"
    assert outcome.reason == f"{diamond}: {DIAMOND.id} {why}"
    assert edges(empty, "FEEDS", DIAMOND.id) == [[0, 1], [0, 2], [1, 3], [2, 3]]


def test_two_files_of_one_id_in_one_load(empty, tmp_path):
    paths = [write_npz(DIAMOND, tmp_path / "a"), changed(DIAMOND, tmp_path / "b")]
    assert sorted(outcome.status for outcome in empty.load(paths)) == ["loaded", "refused"]
    assert [outcome.status for outcome in empty.load(paths, replace=True)] == ["replaced", "replaced"]
    assert edges(empty, "FEEDS", DIAMOND.id) == [[0, 1], [0, 2], [1, 3]]


def test_replace_puts_the_other_file_in_its_place(empty, diamond, tmp_path):
    empty.load([diamond])
    before = payloads(empty)
    path = changed(DIAMOND, tmp_path)
    (outcome,) = empty.load([path], replace=True)
    assert outcome.status == "replaced"
    assert empty.query(GRAPH_COUNTS, {"id": DIAMOND.id}).rows == [(4, 3, 0, 4)]
    assert empty.record(DIAMOND.id, verify=True) == read(path)
    assert len(payloads(empty)) == 1
    assert payloads(empty) != before


def test_replace_brings_a_lost_payload_back(empty, diamond):
    empty.load([diamond])
    (empty.store.payload_folder / payloads(empty)[0]).unlink()
    empty.load([diamond], replace=True)
    assert empty.record(DIAMOND.id, verify=True) == read(diamond)


def flip(path):
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)


def swap(path):
    path.write_bytes(b"another file")


@pytest.mark.parametrize("harm", [Path.unlink, flip, swap])
def test_a_harmed_payload_is_found_and_named_and_cured(empty, diamond, harm):
    empty.load([diamond])
    path = empty.store.payload_folder / payloads(empty)[0]
    harm(path)
    for use in (lambda: empty.record(DIAMOND.id), lambda: empty.predict([DIAMOND.id])):
        with pytest.raises(PayloadError, match=f"{path.name}.*load its file again with --replace"):
            use()
    empty.load([diamond], replace=True)
    assert empty.record(DIAMOND.id) == read(diamond)


def test_a_load_brings_a_lost_payload_back(empty, diamond):
    empty.load([diamond])
    (empty.store.payload_folder / payloads(empty)[0]).unlink()
    assert statuses(empty.load([diamond])) == {"diamond": "skipped"}
    assert empty.record(DIAMOND.id) == read(diamond)


def test_replace_leaves_other_graphs_alone(empty, literal_files, tmp_path):
    empty.load([literal_files])
    empty.load([changed(DIAMOND, tmp_path)], replace=True)
    two = graphs.two_computations().id
    assert empty.query(GRAPH_COUNTS, {"id": two}).rows == [(8, 6, 1, 3)]
    assert len(payloads(empty)) == 3


def test_a_dry_run_says_what_would_be_done_and_writes_nothing(db, diamond):
    assert statuses(db.load([diamond], dry_run=True)) == {"diamond": "loaded"}
    assert db.query("MATCH (n) RETURN count(*)").rows == [(0,)]
    assert payloads(db) == []


def test_a_dry_run_agrees_with_the_run(empty, literal_files, tmp_path):
    empty.load([write_npz(graphs.chain(), tmp_path)])
    (tmp_path / "bad.npz").write_text("not a zip")
    paths = [
        literal_files,
        changed(graphs.chain(), tmp_path / "b"),
        tmp_path / "bad.npz",
        *literal_files.rglob("two.npz"),
    ]
    for replace in (False, True):
        planned = empty.load(paths, replace=replace, dry_run=True)
        done = empty.load(paths, replace=replace)
        assert sorted(planned, key=str) == sorted(done, key=str)


def test_a_survey_needs_no_store(literal_files):
    outcomes = survey_files(None, [literal_files])
    assert statuses(outcomes) == {"chain": "loaded", "diamond": "loaded", "two": "loaded"}


@pytest.mark.parametrize(("configs", "nodes"), [(2, [1, 3]), (None, [0, 1, 2, 3]), (0, [])])
def test_how_many_configs_become_nodes(empty, diamond, configs, nodes):
    empty.load([diamond], configs=configs)
    assert empty.query("MATCH (c:Config)-[:OF]->(:Graph) RETURN c.index ORDER BY c.index").rows == [(n,) for n in nodes]
    assert empty.graphs().to_dicts()[0]["configs"] == 4


def test_arguments_override_the_path(empty, diamond):
    (outcome,) = empty.load([diamond], collection="layout:mine", split="test", name="x")
    assert outcome.graph == "layout:mine/test/x"
    assert empty.record("layout:mine/test/x").name == "x"


def test_the_graph_node_names_its_payload(empty, diamond):
    empty.load([diamond])
    assert empty.query("MATCH (g:Graph) RETURN g.payload").rows == [(payloads(empty)[0],)]


def test_remove_takes_the_graph_and_its_payload(empty, literal_files):
    empty.load([literal_files])
    empty.remove(["diamond"])
    assert empty.query("MATCH (n) WHERE n.graph = $id OR n.id = $id RETURN count(*)", {"id": DIAMOND.id}).rows == [(0,)]
    assert len(payloads(empty)) == 2
