"""What the name of a file says, above all in a folder that XLA wrote by ``--xla_dump_to``.

There ``module_0001.jit_f.before_optimizations.txt`` is the program as it came, and
``module_0001.jit_f.sm_8.0_gpu_after_optimizations.txt`` (``cpu_``, ``tpu_``) what the compiler made of it. After a
single pass (``--xla_dump_hlo_pass_re``) it is ``module_0001.jit_f.0042.simplification.after_dce.before_algsimp.txt``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

_SUFFIX = re.compile(r"(\.npz|\.hlo\.pb|\.hlo\.txt|\.hlo|\.pb|\.txt)?(\.gz)?$")
_STAGE = re.compile(r"\.(?:(?:(?:sm_\d+\.\d+\w*|gfx\w+)_)?[a-z]+_)?((?:before|after)_optimizations\w*)$")
_PASS = re.compile(r"\.\d{4}\.[^.]+\.(after_.+)$")
_BESIDE = re.compile(r"_optimizations-[^.]+\.(txt|pb)(\.gz)?$")


def named(file: str) -> tuple[str, str]:
    """A graph's name and stage (empty where none is said); the target is left out, so that both of a pair are alike.

    >>> named("module_0001.jit_f.sm_8.0_gpu_after_optimizations.hlo.pb")
    ('module_0001.jit_f.after_optimizations', 'after_optimizations')
    """
    name = _SUFFIX.sub("", file, count=1)
    whole, one_pass = _STAGE.search(name), _PASS.search(name)
    if whole and whole.start():
        return f"{name[: whole.start()]}.{whole[1]}", whole[1]
    return name, one_pass[1] if one_pass else ""


def to_read(paths: Iterable[Path]) -> Iterator[Path]:
    """Of the files of a folder those that are programs, each once.

    Passed over is what XLA writes about a program (``...after_optimizations-buffer-assignment.txt``), and the text of
    one that is there as protobuf too.
    """
    kept = [path for path in paths if not _BESIDE.search(path.name)]
    there = set(kept)
    for path in kept:
        protobuf = path.with_name(f"{_SUFFIX.sub('', path.name, count=1)}.hlo.pb")
        if path == protobuf or protobuf not in there or path.suffix == ".npz":
            yield path
