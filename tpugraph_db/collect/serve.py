"""What a child process does when it is asked to: describe the program, compile a configuration, measure."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import jax
from jax.extend import source_info_util

from tpugraph_db.collect import machine, measure
from tpugraph_db.collect.compiled import fingerprint
from tpugraph_db.collect.executables import Executables
from tpugraph_db.collect.memory import MemoryBound, needed
from tpugraph_db.collect.outputs import difference, fetched
from tpugraph_db.collect.profiled import durations
from tpugraph_db.collect.program import attempt, load
from tpugraph_db.collect.source import Source
from tpugraph_db.errors import DataError

Reply = dict[str, Any]


class Server:
    """One program, loaded and traced."""

    def __init__(self, path: str, function: str, folder: str, memory: int, inputs: str = "") -> None:
        self._memory = MemoryBound(memory)
        _set_up(Path(path).resolve().parent)
        self._source = Source(path, function)
        self._program = load(self._source)
        self._inputs = _digest(self._program.inputs)
        if inputs not in ("", self._inputs):
            expected, cure = "the same arguments in every process", "seed what is random in them"
            raise DataError(self._source.text, "arguments", expected=expected, found="others", cure=cure)
        self._expected: list[Any] = []
        """What the default gives, once something is compared with it."""
        self._executables = Executables(Path(folder), self._program)

    def answer(self, request: Mapping[str, Any]) -> Iterator[Reply]:
        """The replies to one request."""
        known: dict[str, Callable[..., Iterator[Reply]]] = {
            "ready": lambda: iter([{}]),
            "describe": self._describe,
            "compile": self._compile,
            "measure": self._measure,
            "profile": self._profile,
        }
        rest = dict(request)
        return known[rest.pop("do")](**rest)

    def _describe(self) -> Iterator[Reply]:
        """The program before optimisation, its sites, and the compiler's own executable."""
        started = time.perf_counter()
        lowered = self._program.lower({})
        compiled = attempt(lowered.compile, self._source)
        seconds = time.perf_counter() - started
        yield {
            "text": lowered.as_text("hlo", debug_info=True),
            "sites": [asdict(site) for site in self._program.sites.values()],
            "default": attempt(lambda: self._default(compiled), self._source),
            "inputs": self._inputs,
            "facts": machine.facts(),
            "seconds": seconds,
        }

    def _default(self, compiled: Any) -> str:
        """Check that it gives the same twice, and keep it; its fingerprint."""
        once, again = (fetched(compiled(*self._program.inputs)) for _ in range(2))
        differs = difference(once, again)
        if differs:
            raise DataError(self._source.text, "output", expected="the same values each time", found=differs)
        key = fingerprint(compiled.as_text())
        try:
            self._executables.save(key, compiled)
        except Exception as error:
            expected = "an executable that can be kept in a file (with a host callback it cannot)"
            found = f"{type(error).__name__}: {error}"
            raise DataError(self._source.text, "program", expected=expected, found=found) from error
        return key

    def _compile(self, layouts: Mapping[str, list[int]], default: str) -> Iterator[Reply]:
        """Compile one configuration, run it once and compare its results with the default's."""
        started = time.perf_counter()
        try:
            compiled = self._program.lower({int(site): layout for site, layout in layouts.items()}).compile()
            key = fingerprint(compiled.as_text())
            took = {"key": key, "seconds": time.perf_counter() - started}
            yield took | self._verdict(compiled, key, default)
        except Exception as error:  # XLA, or JAX on the way there, will not have these layouts
            yield {"status": "refused", "why": f"{type(error).__name__}: {error}"}

    def _verdict(self, compiled: Any, key: str, default: str) -> Reply:
        if key in self._executables:
            return {"status": "ok"}  # the same program has been checked before
        if needed(compiled) > self._memory.most:
            return {"status": "too large", "why": f"{needed(compiled):,} bytes"}
        if not self._expected:
            self._expected = fetched(self._executables.load(default)(*self._program.inputs))
        started = time.perf_counter()
        outputs = fetched(compiled(*self._program.inputs))
        ran = {"ran": time.perf_counter() - started}
        differs = difference(self._expected, outputs)
        if differs:
            return ran | {"status": "differs", "why": differs}
        self._executables.save(key, compiled)
        return ran | {"status": "ok"}

    def _measure(self, keys: list[str], rounds: list[int], seed: list[int]) -> Iterator[Reply]:
        """Load executables, run each once, then round by round; a reply for that, and one a round."""
        loaded = [self._executables.load(key) for key in keys]
        started = time.perf_counter()
        measure.warm(loaded, self._program.inputs)
        self._memory.rest()
        yield {"seconds": time.perf_counter() - started}
        yield from measure.measure(loaded, self._program.inputs, rounds, seed)

    def _profile(self, times: int) -> Iterator[Reply]:
        """Text of the compiler's own module, and how long each of its ops takes."""
        compiled = self._program.lower({}).compile()
        yield {"text": compiled.as_text(), "ns": durations(lambda: compiled(*self._program.inputs), times)}


def _digest(inputs: Sequence[Any]) -> str:
    """sha256 of arrays, their dtypes and shapes."""
    digest = hashlib.sha256()
    for array in fetched(inputs):
        digest.update(f"{array.dtype}{array.shape}".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()


def _set_up(folder: Path) -> None:
    jax.config.update("jax_cpu_enable_async_dispatch", False)  # one thread: a call is over when it returns
    # an op's source is the innermost line of the user's own files, named as in their folder: nothing else of this
    # machine gets into the HLO
    for own in (str(Path(__file__).parent), "<frozen "):
        source_info_util.register_exclusion(own)
    jax.config.update("jax_traceback_in_locations_limit", 1)
    jax.config.update("jax_hlo_source_file_canonicalization_regex", f"^{re.escape(str(folder))}/")
