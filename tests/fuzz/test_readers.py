"""The short form of the campaign in benchmarks/fuzz_readers.py, which tries 100,000."""

from collections import Counter

import pytest

from benchmarks.fuzz_readers import judge_literal
from benchmarks.fuzzing import Tally, batches
from tests.formats.verdict import verdict_of_any
from tests.fuzz import bases, inputs, of_gzip, of_messages, of_runs, of_text
from tests.fuzz.inputs import mutated
from tests.hlo.messages import envelope
from tpugraph_db.formats import read_all

FILES = 4_000


@pytest.fixture(scope="module")
def tally():
    found = Tally(first_seed=0)
    for batch in batches(judge_literal, range(FILES)):
        found.add(batch)
    return found


def test_a_broken_file_is_refused_or_read(tally):
    assert tally.faults == []
    assert tally.files == FILES


def test_some_files_of_every_reader_are_read_and_some_refused(tally):
    found = Counter()
    for (kind, outcome), count in tally.outcomes.items():
        found[kind.split(",")[0].removesuffix(".gz"), outcome] += count
    readers = ("HLO text", "HloModuleProto", "HloProto", "HloSnapshot", "TuningData", "npz", "npz with a program")
    tuning = ("ModuleTuningData layouts", "ModuleTuningData tiles")
    assert {reader for reader, _ in found} == {*readers, *tuning}
    assert all(found[reader, outcome] > 5 for reader in (*readers, *tuning) for outcome in ("read", "refused"))


def test_every_kind_of_change_is_among_them(tally):
    kinds = {kind.split(", ")[1].removesuffix(":") for kind, _ in tally.outcomes}
    assert kinds >= {*of_text.KINDS, *of_messages.KINDS, *of_gzip.KINDS, "cut", "flip", "splice", "runs", "deep"}


def whole():
    known = bases.literal()
    files = [*((".hlo", one) for one in known.texts), *((".pb", one) for one in known.modules)]
    files += [(".pb", envelope(known.modules[1])), (".pb", envelope(envelope(known.modules[1])))]
    for make in (of_runs.layouts, of_runs.tiles):
        tuned = make(inputs.Chance(0), known.modules[0], True)
        files += [(".pb", tuned), (".pb", envelope(tuned, tuned))]
    return files + [(".npz", one) for one in (*known.npz, *known.collected)]


@pytest.mark.parametrize("packed", [False, True])
def test_a_whole_file_is_read(tmp_path, packed):
    for suffix, content in whole():
        path = tmp_path / f"x{suffix}{'.gz' * packed}"
        path.write_bytes(of_gzip.packed(content) if packed else content)
        assert verdict_of_any(lambda path=path: list(read_all(path))) == "read"


def test_the_beginning_of_a_real_file_is_read(data, tmp_path):
    known = bases.with_real(data)
    for suffix, files in ((".hlo", known.texts), (".pb", known.modules)):
        for content in files:
            (tmp_path / f"x{suffix}").write_bytes(content)
            assert verdict_of_any(lambda suffix=suffix: list(read_all(tmp_path / f"x{suffix}"))) == "read"


def test_a_seed_names_a_file():
    known = bases.literal()
    assert [mutated(seed, known) for seed in range(50)] == [mutated(seed, known) for seed in range(50)]
