"""What the campaign itself makes of files that end a process, take its memory, or never end."""

import os

from benchmarks import fuzzing
from benchmarks.fuzzing import Tally, batches, judged


def judge(seed):
    return judged(seed, "any", lambda: VERDICTS.get(seed, lambda: "read")())


def endless():
    fuzzing.signal.setitimer(fuzzing.signal.ITIMER_PROF, 0.1)  # instead of ten seconds
    while True:
        pass


VERDICTS = {
    1: lambda: "refused",
    2: lambda: os._exit(1),
    3: lambda: str(bytearray(fuzzing.MEMORY_BYTES))[:0],
    4: endless,
    5: lambda: "read" + 1,
}


def test_every_fault_is_told_with_its_seed():
    (found,) = batches(judge, range(7), processes=1)
    assert [one.seed for one in found] == list(range(7))
    assert [one.seed for one in found if one.is_right] == [0, 1, 6]
    told = {one.seed: one.verdict.split(":")[0] for one in found if not one.is_right}
    ended = "the process ended itself, or could not be stopped"
    assert told == {2: ended, 3: "MemoryError", 4: "_TooSlowError", 5: "TypeError"}


def test_batches_add_up():
    tally = Tally(first_seed=7)
    tally.add([fuzzing.Judged(7, "a", "read", 1.0, 10**6), fuzzing.Judged(8, "a", "IndexError: x", 3.0, 2 * 10**6)])
    tally.add([fuzzing.Judged(9, "a", "read", 2.0, 10**6), fuzzing.Judged(10, "b", "refused", 0.1, 10**6)])
    result = tally.result()
    assert (result["files"], result["first_seed"], result["peak_mb"]) == (4, 7, 2)
    assert result["outcomes"] == {"a fault": 1, "a read": 2, "b refused": 1}
    assert [fault["seed"] for fault in result["faults"]] == [8]
    assert result["slowest"]["seed"] == 8
