"""What a model says of every configuration of a graph: one file a prediction, beside the graph's payload.

Only some configurations are nodes; the (:Prediction) node names the file that has all of them. The file is written
before a node names it, and says whose it is: no two predictions share one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from tpugraph_db import content
from tpugraph_db.content import Content
from tpugraph_db.errors import PayloadError

SUFFIX = ".scores.safetensors"


def encode(graph: str, model: str, columns: Mapping[str, NDArray[Any]]) -> Content:
    """The columns, (c,) each by the number of the configuration, as a file; their order comes back."""
    header = json.dumps({"graph": graph, "model": model, "columns": list(columns)})
    return content.encode(columns, "scores", header, SUFFIX)


def read(folder: Path, name: str, graph: str, model: str, *, verify: bool = False) -> dict[str, NDArray[Any]]:
    """The columns of a prediction's file, memory-mapped; ``verify`` reads it all and checks the name's sha256.

    Raises:
        PayloadError: the file is missing, is not what was written, or is of another prediction.
    """
    path = folder / name
    cure = f"predict {graph} with {model} and --write again"
    if not path.is_file():
        raise PayloadError(f"{path}: these scores are missing; {cure}")
    if verify and not content.is_intact(path):
        raise PayloadError(f"{path}: these scores have changed since they were written; {cure}")
    try:
        header, arrays = content.mapped(path)
        said = json.loads(header["scores"])
        if (said["graph"], said["model"]) != (graph, model):
            raise ValueError(f"they are {said['model']}'s of {said['graph']}")
        return {column: arrays[column] for column in said["columns"]}
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, OSError) as error:
        raise PayloadError(f"{path}: no file of scores ({error}); {cure}") from error
