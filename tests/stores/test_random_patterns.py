from random import Random

import pytest

from tests.stores.random_patterns import answer, pattern, small_graph
from tpugraph_db.stores.change import add_graphs

GRAPHS, PATTERNS = 10, 50
MADE = [small_graph(Random(seed), f"random{seed}") for seed in range(GRAPHS)]


@pytest.fixture(scope="module")
def database(ready):
    add_graphs(ready.store, [graph.rows() for graph in MADE])
    return ready


@pytest.mark.parametrize("seed", range(GRAPHS))
def test_as_counted_one_by_one(database, seed):
    graph, random = MADE[seed], Random(1000 + seed)
    identity = graph.rows().id
    for _ in range(PATTERNS):
        wanted = pattern(random)
        rows = database.query(wanted.text(), {"graph": identity}).rows
        found = {row[:-1]: row[-1] for row in rows} if wanted.kind == "groups" else rows[0][0]
        assert found == answer(graph, wanted), (wanted.text(), graph)


def test_they_are_worth_asking():
    counts = []
    for seed, graph in enumerate(MADE):
        random = Random(1000 + seed)
        counts += [answer(graph, pattern(random)) for _ in range(PATTERNS)]
    assert len(counts) == 500
    assert sum(bool(count) for count in counts) > 250
