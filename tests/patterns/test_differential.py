"""Random patterns over random graphs; the long campaign is ``python -m benchmarks.fuzz_patterns``."""

from collections import Counter

import pytest

from tests.conftest import ENGINES, open_empty
from tests.patterns import differential

CASES = 40


@pytest.fixture(scope="module", params=ENGINES)
def filled(request, tmp_path_factory):
    with open_empty(request.param, request, tmp_path_factory.mktemp("random")) as database:
        differential.load(database)
        yield database


def test_as_found_one_by_one(filled):
    found = [differential.difference(filled, differential.make(seed)) for seed in range(CASES)]
    assert not list(filter(None, found))


def test_they_are_worth_asking():
    cases = [differential.make(seed) for seed in range(200)]
    signs = ("?", "*1..", "(", "..", "--", "<-", "where", "@", "!", "[")
    words = Counter(sign for case in cases for sign in signs if sign in case.pattern.text())
    assert min(words.values()) >= 10
    assert sum(bool(case.expected()) for case in cases) > 80


def test_a_seed_is_one_case():
    one, again = differential.make(1), differential.make(1)
    assert (one.pattern.text(), one.scope) == (again.pattern.text(), again.scope)
    assert one.expected() == again.expected()
