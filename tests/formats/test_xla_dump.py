from pathlib import Path

import pytest

from tpugraph_db.formats import xla_dump

BEFORE, AFTER = "before_optimizations", "after_optimizations"


@pytest.mark.parametrize(
    ("file", "name", "stage"),
    [
        ("module_0001.jit_f.cl_123.before_optimizations.txt", f"module_0001.jit_f.cl_123.{BEFORE}", BEFORE),
        ("module_0001.jit_f.cl_123.cpu_after_optimizations.txt", f"module_0001.jit_f.cl_123.{AFTER}", AFTER),
        ("module_0001.jit_f.sm_8.0_gpu_after_optimizations.txt", f"module_0001.jit_f.{AFTER}", AFTER),
        ("module_0001.jit_f.sm_9.0a_gpu_after_optimizations.hlo.pb", f"module_0001.jit_f.{AFTER}", AFTER),
        ("module_0001.jit_f.gfx90a_gpu_after_optimizations.txt.gz", f"module_0001.jit_f.{AFTER}", AFTER),
        ("module_0001.jit_f.after_optimizations.txt", f"module_0001.jit_f.{AFTER}", AFTER),
        (
            "m.sm_7.0_gpu_after_optimizations_before_buffer_assignment.txt",
            f"m.{AFTER}_before_buffer_assignment",
            f"{AFTER}_before_buffer_assignment",
        ),
        (
            "m.jit_f.0013.copy-insertion.after_adding_copies.txt",
            "m.jit_f.0013.copy-insertion.after_adding_copies",
            "after_adding_copies",
        ),
        (
            "m.0005.simplification.after_pipeline-start.before_algsimp.txt",
            "m.0005.simplification.after_pipeline-start.before_algsimp",
            "after_pipeline-start.before_algsimp",
        ),
        ("llama2.hlo", "llama2", ""),
        ("before_optimizations.txt", "before_optimizations", ""),
        ("the_day_after.txt", "the_day_after", ""),
        (".npz", "", ""),
    ],
)
def test_what_a_name_says(file, name, stage):
    assert xla_dump.named(file) == (name, stage)


def test_files_beside_a_program_are_passed_over():
    stem = "module_0006.jit_f.cpu_after_optimizations"
    names = [f"{stem}.txt", *(f"{stem}-{kind}.txt" for kind in ("buffer-assignment", "live-range"))]
    names.append(f"{stem}-memory-usage-report.pb")
    assert list(xla_dump.to_read(map(Path, names))) == [Path(f"{stem}.txt")]


def test_a_text_that_is_there_as_protobuf_is_passed_over():
    names = ["a/x.hlo.pb", "a/x.txt", "a/x.npz", "a/y.txt", "b/x.hlo", "b/x.txt.gz"]
    kept = ["a/x.hlo.pb", "a/x.npz", "a/y.txt", "b/x.hlo", "b/x.txt.gz"]
    assert [path.as_posix() for path in xla_dump.to_read(map(Path, names))] == kept
