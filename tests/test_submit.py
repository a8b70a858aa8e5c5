"""The competition's file from real test graphs, of which a few are at hand."""

import pytest

from tests import graphs, learning, real
from tests.conftest import open_empty, write_npz
from tests.learning import TILE
from tpugraph_db.errors import DataError, UsageError
from tpugraph_db.models.judging.metrics import fastest_first
from tpugraph_db.models.registry import find_scorer
from tpugraph_db.models.submission import Submission, validate

LAYOUT = ("xla hidden", "nlp hidden")
TILES = ("tile 52 ops", "tile 21 ops", "tile 2 ops")


@pytest.fixture(scope="module")
def sample(data):
    return data / "reference" / "sample_submission.csv"


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    """Checkpoints, by kind."""
    folder = tmp_path_factory.mktemp("models")
    layout = learning.trained(folder / "layout", epochs=1)
    tile = learning.trained(folder / "tile", train=(TILE,), valid=(), epochs=1)
    return {"layout": str(layout), "tile": str(tile)}


@pytest.fixture(scope="module")
def db(data, tmp_path_factory):
    with open_empty("arcadedb", None, tmp_path_factory.mktemp("submit")) as db:
        db.load([real.path(data, name) for name in (*LAYOUT, *TILES)], configs=1)
        yield db


def competition_id(record):
    return f"{record.collection}:{record.name}"


def test_real_graphs_are_ranked_and_the_others_filled(db, data, models, sample, tmp_path):
    seen = []
    filled = db.submit(
        models, sample, tmp_path / "s.csv", fill=True, on_graph=lambda done, total: seen.append((done, total))
    )
    given, made = Submission.read(sample), Submission.read(tmp_path / "s.csv")
    validate(made.rows, given)
    records = [real.record(data, name) for name in (*LAYOUT, *TILES)]
    ranked = {competition_id(record): record for record in records}
    assert set(filled) == given.rows.keys() - ranked
    assert len(filled) == 889
    assert all(made.rows[name] == given.rows[name] for name in filled)
    scorers = {kind: find_scorer(folder) for kind, folder in models.items()}
    for name, record in ranked.items():
        order = fastest_first(scorers[name.partition(":")[0]].scores(record)).tolist()
        expected = order[:5] if name.startswith("tile:") else [at for at in order if at < 1000]
        assert list(made.rows[name]) == expected
    assert len(real.record(data, "nlp hidden").configurations) == 1001
    assert seen == [(at, 894) for at in range(894)]


def test_missing_graphs_are_an_error_before_anything_is_ranked(db, models, sample, tmp_path, monkeypatch):
    monkeypatch.setattr("tpugraph_db.submit.stored_record", None)
    said = r"^889 of 894 test graphs are missing: tile:xla:\w+, .*, \.\.\.; load them, or .*: --fill sample$"
    with pytest.raises(UsageError, match=said):
        db.submit(models, sample, tmp_path / "s.csv")
    assert not (tmp_path / "s.csv").exists()


def rows_of(sample, *names):
    """The sample with a few rows alone."""
    lines = sample.read_text().splitlines()
    return "\n".join([lines[0], *(line for line in lines[1:] if line.startswith(names))]) + "\n"


def test_no_model_for_a_kind(db, models, sample, tmp_path, monkeypatch):
    monkeypatch.setattr("tpugraph_db.submit.stored_record", None)
    for kind, other in (("layout", "tile"), ("tile", "layout")):
        said = f"{kind}:.* wants a model of {kind} configurations: --{kind} CHECKPOINT"
        with pytest.raises(UsageError, match=said):
            db.submit({other: models[other]}, sample, tmp_path / "s.csv", fill=True)
    assert not (tmp_path / "s.csv").exists()


def test_a_kind_that_is_not_asked_for_needs_no_model(db, data, models, sample, tmp_path):
    (tmp_path / "tiles.csv").write_text(rows_of(sample, *(competition_id(real.record(data, name)) for name in TILES)))
    assert db.submit({"tile": models["tile"]}, tmp_path / "tiles.csv", tmp_path / "s.csv") == []
    assert len(Submission.read(tmp_path / "s.csv").rows) == 3


def test_a_model_of_the_other_kind(db, models, sample, tmp_path):
    turned = {"layout": models["tile"], "tile": models["layout"]}
    with pytest.raises(
        DataError, match="configurations: expected layout, which the model has learned from, found tile"
    ):
        db.submit(turned, sample, tmp_path / "s.csv", fill=True)
    assert not (tmp_path / "s.csv").exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "header: expected ID,TopConfigs, found ''"),
        ("ID,Configs\n", "header: expected ID,TopConfigs"),
        ("ID,TopConfigs\ntile:xla:a,0;1;2;3\n", "tile:xla:a: expected 5 configurations, found 4"),
        ("ID,TopConfigs\nlayout:xla:default:a,0;2\n", "expected a permutation of 0-1, found 0-2"),
    ],
)
def test_a_wrong_sample(db, models, tmp_path, text, said):
    (tmp_path / "sample.csv").write_text(text)
    with pytest.raises(DataError, match=said):
        db.submit(models, tmp_path / "sample.csv", tmp_path / "s.csv", fill=True)


def test_a_graph_of_fewer_configurations_than_its_row(db, models, tmp_path):
    record = graphs.diamond().replace(collection="layout:xla:default", split="test")
    with open_empty("arcadedb", None, tmp_path) as small:
        small.load([write_npz(record, tmp_path)])
        (tmp_path / "sample.csv").write_text("ID,TopConfigs\nlayout:xla:default:diamond,0;1;2;3;4\n")
        with pytest.raises(DataError, match="diamond: expected 5 configurations, found 4"):
            small.submit(models, tmp_path / "sample.csv", tmp_path / "s.csv")
        (tmp_path / "sample.csv").write_text("ID,TopConfigs\nlayout:xla:default:diamond,0;1;2;3\n")
        small.submit(models, tmp_path / "sample.csv", tmp_path / "s.csv")
    (row,) = Submission.read(tmp_path / "s.csv").rows.values()
    assert list(row) == fastest_first(find_scorer(models["layout"]).scores(record)).tolist()
