import gzip

import numpy as np
import pytest

import tpugraph_db
from tests import real
from tests.formats.files import arrays_of, refusal, same_arrays, written
from tpugraph_db.errors import DataError
from tpugraph_db.formats import read, read_all
from tpugraph_db.formats.protobuf import _distinct
from tpugraph_db.hlo import hlo_pb2

SHAPE = hlo_pb2.Shape(element_type=11).SerializeToString()


def module(*ops):
    """A module whose one computation has these (name, opcode)s, each the operand of the next."""
    instructions = [
        hlo_pb2.Instruction(id=at, name=name, opcode=opcode, shape=SHAPE, operand_ids=[at - 1] if at else [])
        for at, (name, opcode) in enumerate(ops)
    ]
    computation = hlo_pb2.Computation(id=1, name="main", instructions=instructions, root_id=len(ops) - 1)
    return hlo_pb2.HloModule(name="m", computations=[computation], entry_computation_id=1)


SMALL = module(("x", "parameter"), ("y", "negate"), ("z", "newest"))


@pytest.mark.parametrize("suffix", [".hlo.pb", ".pb", "", ".bin"])
def test_a_module_is_a_record(tmp_path, suffix):
    path = tmp_path / f"a.cpu_after_optimizations{suffix}"
    path.write_bytes(SMALL.SerializeToString())
    record = read(path)
    assert record.opcodes.tolist() == ["parameter", "negate", "newest"]
    assert record.edges.tolist() == [[1, 0], [2, 1]]
    assert (record.program.module, dict(record.unknown)) == ("m", {"newest": 1})
    assert record.collection == "hlo:local"


def test_a_dump_says_its_stage(tmp_path):
    path = tmp_path / "a.cpu_after_optimizations.hlo.pb.gz"
    path.write_bytes(gzip.compress(SMALL.SerializeToString()))
    record = read(path)
    assert (record.name, record.program.stage) == ("a.after_optimizations", "after_optimizations")


@pytest.mark.parametrize("content", [b"\n\xff", b"\n\x05abc", SMALL.SerializeToString()[:-3]])
def test_what_is_no_message_is_refused(tmp_path, content):
    (tmp_path / "x.pb").write_bytes(content)
    assert "\n" not in refusal(tmp_path / "x.pb")


def test_a_module_of_more_ops_than_there_is_room_for(tmp_path):
    (tmp_path / "x.pb").write_bytes(SMALL.SerializeToString())
    with pytest.raises(DataError, match="expected at most 2 ops, found 3; --max-bytes"):
        read(tmp_path / "x.pb", max_bytes=5_999)


def test_names_that_repeat_are_numbered():
    assert list(_distinct(["a", "a-2", "a", "b", "a"])) == ["a", "a-2", "a-3", "b", "a-4"]


def test_layout_tuning_data(data):
    record = read(data / "tuning" / "module_tuning_data_layout.pb")
    assert record.id == "layout:local/none/module_tuning_data_layout"
    assert (len(record), len(record.configurations), record.failed_runs) == (3163, 112, 10)
    assert record.configurations.is_default.sum() == 1
    known = real.record(data, "unet_3d.4x4.bf16")
    assert record.features.tobytes() == known.features.tobytes()
    assert record.edges.tobytes() == known.edges.tobytes()
    assert np.isin(record.configurations.runtime_ns, known.configurations.runtime_ns).all()


def test_layout_tuning_data_is_written_as_tpugraphs_wrote_it(data):
    ours = arrays_of(written(read(data / "tuning" / "module_tuning_data_layout.pb")))
    theirs = arrays_of(real.path(data, "unet_3d.4x4.bf16"))
    same = ("node_feat", "node_opcode", "edge_index", "node_splits", "node_config_ids")
    assert same_arrays({key: ours[key] for key in same}, {key: theirs[key] for key in same})
    assert ours.keys() == theirs.keys() | {"config_is_default"}
    assert [ours[key].dtype.str for key in theirs] == [array.dtype.str for array in theirs.values()]
    rows, known = (
        {(row.tobytes(), ns) for row, ns in zip(arrays["node_config_feat"], arrays["config_runtime"], strict=True)}
        for arrays in (ours, theirs)
    )
    assert rows <= known


def test_tile_tuning_data(data):
    path = data / "tuning" / "op_tuning_data.pb"
    records = list(tpugraph_db.read_all(path, split="train"))
    assert len({record.id for record in records}) == 15
    assert records[0].id == "tile:local/train/op_tuning_data.fusion.232"
    assert sum(len(record.configurations) for record in records) == 752
    assert sum(record.failed_runs for record in records) == 2
    with pytest.raises(DataError, match="expected one graph, found 15 graphs"):
        read(path)


def test_a_name_that_is_given_begins_the_names_of_all(data):
    names = [record.name for record in read_all(data / "tuning" / "op_tuning_data.pb", name="mine")]
    assert names[0] == "mine.fusion.232"
