"""The main screens are as they are kept in ``screens/``; ``python -m tests.explore.screens`` writes them anew."""

import pytest

from tests.explore.screens import FOLDER, SCREENS, path, screen


@pytest.mark.parametrize("name", SCREENS)
def test_as_kept(name):
    assert screen(SCREENS[name]) == path(name).read_text(encoding="utf-8")


def test_none_is_left_over():
    assert {kept.stem for kept in FOLDER.glob("*.txt")} == set(SCREENS)
