import dataclasses

import numpy as np
import pytest

from tests.models import made
from tpugraph_db.models.features.inputs import inputs
from tpugraph_db.models.networks.batch import Prepared
from tpugraph_db.models.networks.by_name import NETWORKS, build
from tpugraph_db.models.training import scoring


def made_ready(model="gcn"):
    record = made.layout_graph()
    statistics = made.statistics(record)
    net = build(dataclasses.replace(made.SMALL, model=model), statistics)
    return net, Prepared(inputs(record), statistics, net.shared, net.weights, "torch")


def test_chunks_hold_every_configuration_once_and_fit(monkeypatch):
    net, graph = made_ready("sage")
    monkeypatch.setattr(scoring, "NUMBERS", 7 * 8 * 10)  # ops, width, configurations
    found = [chunk.tolist() for chunk in scoring.chunks(net, graph, 27)]
    assert found == [[*range(10)], [*range(10, 20)], [*range(20, 27)]]


def test_what_shares_rows_takes_more_at_a_time(monkeypatch):
    net, graph = made_ready("gcn")
    monkeypatch.setattr(scoring, "NUMBERS", 7 * 8)
    assert {len(chunk) for chunk in scoring.chunks(net, graph, 10 * scoring.SHARED)} == {scoring.SHARED}


def test_a_graph_that_does_not_fit_is_scored_one_by_one(monkeypatch):
    net, graph = made_ready("gru")
    monkeypatch.setattr(scoring, "NUMBERS", 1)
    assert [chunk.tolist() for chunk in scoring.chunks(net, graph, 3)] == [[0], [1], [2]]


def test_a_small_graph_is_not_scored_all_at_once():
    net, graph = made_ready()
    sizes = [len(chunk) for chunk in scoring.chunks(net, graph, 100_000)]
    assert sum(sizes) == 100_000
    assert max(sizes) == 1024


@pytest.mark.parametrize("model", NETWORKS)
def test_scores_do_not_depend_on_the_chunks(model, monkeypatch):
    net, graph = made_ready(model)
    whole = scoring.scores(net, graph)
    monkeypatch.setattr(scoring, "NUMBERS", 1)
    assert scoring.scores(net, graph) == pytest.approx(whole, rel=1e-5, abs=1e-5)
    assert whole.shape == (27,)
    assert whole.dtype == np.float64
    assert whole.std() > 1e-3


def test_scoring_keeps_no_gradients():
    net, graph = made_ready()
    scoring.scores(net, graph)
    assert all(parameter.grad is None for parameter in net.parameters())
    assert net(graph, np.arange(2)).requires_grad
