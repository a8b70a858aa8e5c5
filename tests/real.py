"""The real TpuGraphs files by a short name, each read once in a run."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from tpugraph_db.formats import read
from tpugraph_db.record import GraphRecord

DATA = "TPUDB_TEST_DATA"

FILES = {
    "unet3d": "layout/xla/default/train/unet3d.npz",
    "unet_3d.4x4.bf16": "layout/xla/default/valid/unet_3d.4x4.bf16.npz",
    "xla hidden": "layout/xla/default/test/cd708819d3f5103afd6460b15e74eaf3.npz",
    "nlp hidden": "layout/nlp/default/test/3a0c5517a87df8d82fd637b83298a3ba.npz",
    "tile train": "tile/xla/train/retinanet.2x2.fp32_-342c949e14733d96.npz",
    "tile valid": "tile/xla/valid/inception_v3_batch_128_train_426e203f19335d17.npz",
    "tile 52 ops": "tile/xla/test/0a3585c3e686065389227fa374175e48.npz",
    "tile 21 ops": "tile/xla/test/0abaea94d7b0a1c1f1b0bd23b73ce38c.npz",
    "tile 2 ops": "tile/xla/test/d6f5f54247bd1e58a10b9e7062c636ab.npz",
}


def folder() -> Path:
    """Where they should be."""
    return Path(os.environ.get(DATA) or Path(__file__).parents[2] / "shared" / "data")


def path(data: Path, name: str) -> Path:
    return data / "npz" / FILES[name]


@cache
def record(data: Path, name: str) -> GraphRecord:
    return read(path(data, name))
