import io
import warnings

import pytest

from tests.formats.mutations import BASES, KINDS, mutated
from tests.formats.verdict import verdict
from tpugraph_db.formats import read

SEEDS = 320
"""``python -m benchmarks.fuzz_npz`` tries 20,000."""


def judged(content):
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # numpy only warns where numbers lose their meaning
        return verdict(content, lambda: read("-", name="x", stdin=io.BytesIO(content)))


@pytest.mark.parametrize("base", range(len(BASES)))
def test_a_whole_file_is_read(base):
    assert judged(BASES[base]) == "read"


@pytest.mark.parametrize("part", range(4))
def test_a_broken_file_is_refused_or_read_as_numpy_reads_it(part):
    for seed in range(part, SEEDS, 4):
        kind, content = mutated(seed)
        try:
            judged(content)
        except Exception as error:
            raise AssertionError(f"mutated({seed}), {kind}") from error


def test_every_kind_of_change_is_among_them_and_some_are_read():
    made = [mutated(seed) for seed in range(SEEDS)]
    assert {kind for kind, _ in made} == set(KINDS)
    assert 20 < sum(judged(content) == "read" for _, content in made) < SEEDS / 2


def test_a_seed_names_a_file():
    assert [mutated(seed) for seed in range(20)] == [mutated(seed) for seed in range(20)]
