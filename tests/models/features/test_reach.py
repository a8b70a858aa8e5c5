import pytest

from tpugraph_db.models.features.reach import lost, reach


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ((2, 1, 0), (2, 1, 0), 0),
        ((), (), 0),
        ((2, 1, 0), (2, 0, 1), 1),  # still along dimension 2
        ((2, 1, 0), (1, 2, 0), 8),
        ((2, 1, 0), (0, 1, 2), 4 * 8),
        ((0, 1, 2), (2, 1, 0), 16 * 8),
    ],
)
def test_reach_is_the_product_of_what_stands_before_the_old_minor_dimension(old, new, expected):
    assert reach(old, new, (4, 8, 16)) == expected


def test_nothing_is_lost_in_order_or_within_the_cache():
    assert lost((1, 0), (1, 0), (64, 64), 4) == 0
    assert lost((1, 0), (0, 1), (16, 16), 4) == 0  # 16 lines in 16 sets


def test_everything_is_lost_beyond_the_cache():
    assert lost((1, 0), (0, 1), (769, 16), 4) == 1


def test_lines_that_share_a_set_push_each_other_out():
    # rows of 1024 floats are 4096 bytes apart: one set, of 12 lines
    assert lost((1, 0), (0, 1), (12, 1024), 4) == 0
    assert lost((1, 0), (0, 1), (13, 1024), 4) == 1


def test_a_part_is_lost_where_some_sets_overflow():
    # rows of 512 floats are 2048 bytes apart and go to two sets by turns: 13 and 13 of 26, 13 and 12 of 25
    assert lost((1, 0), (0, 1), (26, 512), 4) == 1
    assert lost((1, 0), (0, 1), (25, 512), 4) == pytest.approx(13 / 25)
