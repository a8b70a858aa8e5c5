import dataclasses

import pytest

from tests.models import made
from tpugraph_db.errors import NotFoundError, UsageError
from tpugraph_db.models.training.tracker import TensorBoard, find_tracker
from tpugraph_db.models.training.trainer import Trainer

GRAPHS = [made.layout_graph("a")], [made.layout_graph("c", "valid")]


@pytest.fixture
def installed():
    pytest.importorskip("tensorboard")


def curves(folder):
    """What TensorBoard shows of a folder: (epoch, value) pairs by name."""
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    shown = EventAccumulator(str(folder)).Reload()
    return {name: [(event.step, event.value) for event in shown.Scalars(name)] for name in shown.Tags()["scalars"]}


def tracked(folder, valid=GRAPHS[1], epochs=3, resumed=None):
    trainer, tracker = Trainer(made.SMALL, GRAPHS[0], valid, backend="torch"), TensorBoard(folder)
    if resumed:
        trainer.resume(resumed)
    tracker.ready(trainer)
    while len(trainer.epochs) < epochs:
        tracker.epoch(trainer.epoch())
    return trainer


def expect(folder, epochs):
    """Curves of these epochs, in order."""
    names = {"loss": "loss", "rate": "rate", "valid/tau": "tau", "valid/opa": "opa"}
    for shown, found in curves(folder).items():
        values = [(epoch.number, getattr(epoch, names[shown])) for epoch in epochs]
        assert found == [(number, pytest.approx(value, rel=1e-6)) for number, value in values]
    assert set(curves(folder)) == set(names)


def test_every_epoch_is_shown(installed, tmp_path):
    expect(tmp_path, tracked(tmp_path).epochs)


def test_what_is_not_known_is_not(installed, tmp_path):
    tracked(tmp_path, valid=[], epochs=1)
    assert sorted(curves(tmp_path)) == ["loss", "rate"]


def test_a_resumed_training_goes_on_in_the_same_curves(installed, tmp_path):
    checkpoint = tracked(tmp_path, epochs=2).checkpoint()
    expect(tmp_path, tracked(tmp_path, resumed=checkpoint).epochs)


def test_epochs_that_are_done_again_are_shown_once(installed, tmp_path):
    checkpoint = tracked(tmp_path, epochs=1).checkpoint()
    tracked(tmp_path, epochs=3, resumed=checkpoint)  # killed before it was saved
    expect(tmp_path, tracked(tmp_path, resumed=checkpoint).epochs)


def test_names(installed, tmp_path):
    assert find_tracker("tensorboard", tmp_path).folder == tmp_path / "tensorboard"
    assert find_tracker("tensorboard=elsewhere/a=b", tmp_path).folder.as_posix() == "elsewhere/a=b"
    with pytest.raises(NotFoundError, match="no tracker 'tensorbord'; there is tensorboard; did you mean tensorboard"):
        find_tracker("tensorbord", tmp_path)


def test_tensorboard_is_not_installed(tmp_path, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(UsageError, match=r"^--tracker tensorboard needs tensorboard: pip install 'tpugraph-db\[trac"):
        find_tracker("tensorboard", tmp_path)


def test_a_rate_is_that_of_the_last_step():
    trainer = Trainer(dataclasses.replace(made.SMALL, rate=0.5), GRAPHS[0], backend="torch")
    assert trainer.epoch().rate == pytest.approx(0.5 * trainer._pace(1))
