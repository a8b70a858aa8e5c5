"""Compiled programs as files, so that each is compiled once and measured in other processes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jax
from jax.experimental import serialize_executable

from tpugraph_db.collect.program import Program


class Executables:
    """A folder of executables of one program, named by the fingerprint of their HLO. Only this project's are read."""

    def __init__(self, folder: Path, program: Program) -> None:
        self._folder = folder / "executables"
        self._folder.mkdir(exist_ok=True)
        self._inputs = jax.tree.structure((program.inputs, {}))
        self._outputs = jax.tree.structure([0] * len(program.jaxpr.outvars))

    def __contains__(self, key: str) -> bool:
        return (self._folder / key).exists()

    def save(self, key: str, compiled: Any) -> None:
        """Write a :class:`jax.stages.Compiled`; half a file has another name."""
        content, _, _ = serialize_executable.serialize(compiled)
        part = self._folder / f"{key}.{id(self)}.part"
        part.write_bytes(content)
        part.replace(self._folder / key)

    def load(self, key: str) -> Any:
        """Read one back, ready to be called with the program's inputs."""
        content = (self._folder / key).read_bytes()
        device = jax.devices()[:1]
        return serialize_executable.deserialize_and_load(content, self._inputs, self._outputs, execution_devices=device)
