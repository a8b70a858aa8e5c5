from collections import Counter

import pytest

from tpugraph_db.collect.draw import draw, stratum_sizes
from tpugraph_db.collect.sites import Site

MANY = [Site(number, "reshape", (2, 3, 4)) for number in range(20)]


def test_the_default_comes_first():
    assert draw(MANY, 9, seed=3)[0] == {}


def test_a_third_in_each_stratum():
    sizes = Counter(len(layouts) for layouts in draw(MANY, 61, seed=0)[1:])
    assert sizes == {2: 20, 6: 20, 12: 20}


def test_all_differ():
    drawn = draw(MANY, 200, seed=0)
    assert len({tuple(sorted(layouts.items())) for layouts in drawn}) == 200


def test_the_same_seed_draws_the_same():
    assert draw(MANY, 50, seed=7) == draw(MANY, 50, seed=7)
    assert draw(MANY, 50, seed=7) != draw(MANY, 50, seed=8)


def test_more_are_the_same_ones_first():
    assert draw(MANY, 50, seed=7)[:20] == draw(MANY, 20, seed=7)


def test_each_layout_is_a_permutation():
    layouts = {layout for drawn in draw(MANY, 100, seed=0) for layout in drawn.values()}
    assert layouts == {(0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)}


@pytest.mark.parametrize(("opcode", "layouts"), [("dot", 1), ("convolution", 1), ("reshape", 2), ("transpose", 2)])
def test_row_major_is_a_choice_where_it_does_something(opcode, layouts):
    assert len(draw([Site(5, opcode, (8, 8))], 99, seed=0)) == 1 + layouts


def test_a_full_stratum_leaves_its_place_to_the_others():
    sites = [Site(number, "dot", (2, 2)) for number in range(8)]
    sizes = Counter(len(layouts) for layouts in draw(sites, 60, seed=0))
    assert sizes[1] == 8
    assert sum(sizes.values()) == 60


def test_no_sites_leave_the_default():
    assert draw([], 10, seed=0) == [{}]


def test_at_least_one_site_is_constrained():
    assert stratum_sizes(1) == [1, 1, 1]
    assert stratum_sizes(100) == [10, 30, 60]
