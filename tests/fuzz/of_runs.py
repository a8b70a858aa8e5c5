"""Tuning data made by chance: runs that may be of the module or not."""

from __future__ import annotations

from random import Random as Chance

from tests.fuzz.filled import filled
from tpugraph_db.hlo import hlo_pb2 as pb

_TIMES = (0, 1, 2, 1_000, 10**9, 2**62, 2**63 - 1, -1)
_BOUNDS = (0, 1, 2, 128, 2**31, 2**53, 2**62, 2**63 - 1, -1, -(2**63))


def layouts(chance: Chance, module: bytes, right: bool) -> bytes:
    """Runs of layouts of two ops; where ``right``, as they should be."""
    ids = [0, 1] if right else chance.choice(([0, 1], [1], [], [0, 0], [0, 10**6], [2**64 - 1], list(range(10_000))))
    runs = [_layout(chance, len(ids), right) for _ in range(3 if right else chance.choice((0, 1, 3, 30)))]
    return _tuned(module, runs, ids, chance, right)


def tiles(chance: Chance, module: bytes, right: bool) -> bytes:
    """The same with tiles."""
    runs = [_tile(chance, right) for _ in range(3 if right else chance.choice((0, 1, 3, 30)))]
    if not right and chance.random() < 0.1:
        runs.append(_layout(chance, 0, right))
    return _tuned(module, runs, [], chance, right)


def _tuned(module: bytes, runs: list[pb.ConfigProfile], ids: list[int], chance: Chance, right: bool) -> bytes:
    message = pb.ModuleTuningData(module=module, fingerprint=7, runs=runs, config_index_to_node=ids)
    if not right and chance.random() < 0.2:
        filled(message, chance, 0.5, deeper=6)
    return message.SerializeToString()


def _layout(chance: Chance, slots: int, right: bool) -> pb.ConfigProfile:
    if not right and chance.random() < 0.1:
        slots += chance.choice((-1, 1))
    nodes = [_node(chance, right) for _ in range(slots)]
    config = pb.HloModuleConfig(layout_config=pb.LayoutConfig(nodes=nodes))
    return pb.ConfigProfile(module_config=config, **_said(chance, right))


def _node(chance: Chance, right: bool) -> bytes:
    if right:
        return pb.NodeLayout(tensors=[pb.NodeLayout.Tensor(dims=chance.choice(([1, 0], [0, 1])))]).SerializeToString()
    return chance.choice((b"", b"\x0a\x7f", filled(pb.NodeLayout(), chance, 0.9).SerializeToString()))


def _tile(chance: Chance, right: bool) -> pb.ConfigProfile:
    sizes = [chance.choice(_BOUNDS[1:4] if right else _BOUNDS) for _ in range(2 if right else chance.choice((0, 3, 9)))]
    config = pb.HloOpConfig(tile_size_config=pb.TileSizeConfig(output_bounds=sizes, kernel_bounds=sizes[1:]))
    return pb.ConfigProfile(op_config=config, **_said(chance, right))


def _said(chance: Chance, right: bool) -> dict[str, object]:
    ns = chance.randrange(2, 10**9) if right else chance.choice(_TIMES)
    profile = pb.ExecutionProfile(compute_time_ns=ns)
    return {"profile": profile, "is_default": chance.random() < 0.3, "error": not right and chance.random() < 0.2}
