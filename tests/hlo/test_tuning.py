from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest

from tests import real
from tests.hlo.messages import doubled, envelope
from tpugraph_db.configurations import LayoutConfigurations, TileConfigurations
from tpugraph_db.errors import DataError
from tpugraph_db.formats import validate
from tpugraph_db.formats.identity import Identity
from tpugraph_db.hlo import hlo_pb2 as pb
from tpugraph_db.hlo.record import record
from tpugraph_db.hlo.tuning import TunedModule, read

MODULE = doubled().SerializeToString()


def tile(ns: int, *, kernel: tuple[int, ...] = (), output: tuple[int, ...] = (), **fields: bool) -> pb.ConfigProfile:
    bounds = pb.TileSizeConfig(kernel_bounds=kernel, output_bounds=output)
    config = pb.HloOpConfig(tile_size_config=bounds)
    return pb.ConfigProfile(op_config=config, profile=pb.ExecutionProfile(compute_time_ns=ns), **fields)


def layout(ns: int, *nodes: bytes, **fields: bool) -> pb.ConfigProfile:
    config = pb.HloModuleConfig(layout_config=pb.LayoutConfig(nodes=nodes))
    return pb.ConfigProfile(module_config=config, profile=pb.ExecutionProfile(compute_time_ns=ns), **fields)


def tuned(*runs: pb.ConfigProfile, module: bytes = MODULE, nodes: tuple[int, ...] = ()) -> bytes:
    message = pb.ModuleTuningData(module=module, fingerprint=2**64 - 1, runs=runs, config_index_to_node=nodes)
    return message.SerializeToString()


def only(data: bytes) -> TunedModule:
    (found,) = read(data, "x.pb")
    return found


def test_tiles():
    found = only(
        tuned(
            tile(30, output=(2, 3)),
            tile(20, is_default=True),
            tile(50, error=True),
            tile(1, output=(4,)),
            tile(0),
            tile(40, kernel=(2, 3, 1, 1, 1, 1, 5)),
        )
    )
    configs = found.configurations
    assert isinstance(configs, TileConfigurations)
    assert (found.failed_runs, found.fingerprint, found.program.module) == (3, 2**64 - 1, "m")
    assert configs.runtime_ns.tolist() == [30, 20, 40]
    assert configs.normalizer_ns.tolist() == [20, 20, 20]
    assert configs.is_default.tolist() == [False, True, False]
    assert configs.features.dtype == np.float32
    assert configs.features[0].tolist() == [0] * 8 + [2, 3, 0, 0, 0, 0, 5, 6] + [0] * 8
    assert configs.features[1].tolist() == [0] * 24
    assert configs.features[2].tolist() == [2, 3, 1, 1, 1, 1, 14, 30] + [0] * 16


def test_without_a_default_tiles_are_compared_by_their_times():
    assert only(tuned(tile(30), tile(20))).configurations.normalizer_ns.tolist() == [1, 1]


def test_layouts():
    rows = pb.NodeLayout(tensors=[pb.NodeLayout.Tensor(dims=[1, 0])]).SerializeToString()
    found = only(tuned(layout(9, rows), layout(8, b"", is_default=True), layout(7, rows, error=True), nodes=(3,)))
    configs = found.configurations
    assert isinstance(configs, LayoutConfigurations)
    assert (found.failed_runs, configs.op_ids.tolist(), configs.runtime_ns.tolist()) == (1, [3], [9, 8])
    assert configs.is_default.tolist() == [False, True]
    assert configs.config_features(0).tolist() == [[1, 0] + [-1] * 16]


def test_many_modules_in_a_file():
    first, second = read(envelope(tuned(tile(30)), tuned(tile(20), tile(10))), "x.pb")
    assert (len(first.configurations), len(second.configurations)) == (1, 2)


def test_a_module_all_of_whose_runs_failed_has_no_configurations():
    found = only(tuned(tile(30, error=True)))
    assert (len(found.configurations), found.failed_runs) == (0, 1)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (MODULE, "file: expected tuning data, found no runs"),
        (tuned(tile(30), layout(20)), "m: expected .* found runs of module_config and op_config"),
        (tuned(layout(9, b""), nodes=(4,)), "found config_index_to_node that is no set of indices below 4"),
        (tuned(layout(9, b"", b""), nodes=(1, 1)), "found config_index_to_node that is no set"),
        (tuned(layout(9, b""), nodes=(2**64 - 1,)), "found config_index_to_node that is no set"),
        (tuned(layout(9, b"")), "found layouts of 1 ops in a run, of 0 in config_index_to_node"),
        (tuned(layout(9, b"\x0a\x7f"), nodes=(0,)), "file: expected HLO in protobuf"),
        (tuned(tile(9, output=(2**62, 2**62, 3)))[:-3], "file: expected HLO in protobuf"),
        (tuned(tile(9), module=MODULE[:-3]), "file: expected HLO in protobuf"),
        (tuned(tile(9), module=pb.HloModule(name="m").SerializeToString()), "expected computations, found none"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(data, message):
    with pytest.raises(DataError, match=message):
        read(data, "x.pb")


def test_the_runs_of_a_real_module_are_rows_of_its_file(data):
    found = only((data / "tuning" / "module_tuning_data_layout.pb").read_bytes())
    ours, file = found.configurations, real.record(data, "unet_3d.4x4.bf16").configurations
    assert (len(ours), found.failed_runs) == (112, 10)
    assert np.array_equal(ours.op_ids, file.op_ids)

    times: dict[bytes, set[int]] = defaultdict(set)
    for index, ns in enumerate(file.runtime_ns.tolist()):
        times[file.config_features(index).tobytes()].add(ns)
    rows = [ours.config_features(index) for index in range(len(ours))]
    assert all(ns in times[row.tobytes()] for row, ns in zip(rows, ours.runtime_ns.tolist(), strict=True))

    (default,) = np.flatnonzero(ours.is_default)
    assert (rows[default] == -1).all(axis=1).sum() == 5


def test_real_kernels(data):
    found = read((data / "tuning" / "op_tuning_data.pb").read_bytes(), "op_tuning_data.pb")
    assert len(found) == 15
    assert sum(len(one.configurations) for one in found) == 752
    assert sum(one.failed_runs for one in found) == 2
    assert max(len(one.configurations) for one in found) == 579
    for one in found:
        made = record(one.program, Identity(None, "none", one.program.module), one.configurations)
        validate.check(made, "op_tuning_data.pb")
        configs = made.configurations
        assert configs.is_default.sum() == 1
        assert configs.value[configs.is_default].tolist() == [1.0]
