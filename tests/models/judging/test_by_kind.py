import re
from dataclasses import dataclass

import numpy as np
import pytest

from tests import graphs
from tests.models.made import layout_graph, tile_graph
from tpugraph_db.errors import UsageError
from tpugraph_db.models.judging.by_kind import ByKind
from tpugraph_db.models.judging.judge import Scorer


@dataclass
class Constant:
    name: str
    value: float
    learned_from: frozenset = frozenset()

    def scores(self, record):
        return np.full(len(record.configurations), self.value)


def test_a_graph_is_scored_by_the_model_of_its_kind():
    both = ByKind({"tile": Constant("sage", 2.0), "layout": Constant("gcn", 1.0)})
    assert isinstance(both, Scorer)
    assert both.name == "gcn/sage"
    assert both.scores(layout_graph()).tolist() == [1.0] * 27
    assert both.scores(tile_graph()).tolist() == [2.0] * 20


def test_two_of_one_name_have_it():
    assert ByKind({"tile": Constant("gcn", 2.0), "layout": Constant("gcn", 1.0)}).name == "gcn"
    assert ByKind({"tile": Constant("gcn", 2.0)}).name == "gcn"


def test_what_one_of_them_has_seen_is_no_test():
    both = ByKind({"tile": Constant("a", 0, frozenset("x")), "layout": Constant("b", 0, frozenset("yz"))})
    assert both.learned_from == frozenset("xyz")


def test_no_model_for_a_kind():
    with pytest.raises(UsageError, match="no model of tile configurations: --tile CHECKPOINT"):
        ByKind({"layout": Constant("gcn", 1.0)}).scores(tile_graph())
    with pytest.raises(UsageError, match="no model of layout configurations: --layout CHECKPOINT"):
        ByKind({"tile": Constant("gcn", 1.0)}).of(graphs.diamond())


@pytest.mark.parametrize(("models", "found"), [({}, "none"), ({"tiles": Constant("a", 0)}, "tiles")])
def test_kinds(models, found):
    with pytest.raises(UsageError, match=re.escape(f"expected a model for one of layout, tile, found {found}")):
        ByKind(models)
