from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import graphs, real, strategies
from tpugraph_db import rows, schema
from tpugraph_db.configurations import Configurations
from tpugraph_db.rows import choose_configs, graph_rows

CHAIN = graph_rows(graphs.chain(), "chain.safetensors")
DIAMOND = graph_rows(graphs.diamond(), "diamond.safetensors")
TWO = graph_rows(graphs.two_computations(), "two.safetensors")
LOWERED = graph_rows(graphs.lowered(), "")
LITERAL = pytest.mark.parametrize("made", [CHAIN, DIAMOND, TWO, LOWERED], ids=["chain", "diamond", "two", "lowered"])
CHAIN_ID, DIAMOND_ID = "layout:test:default/train/chain", "layout:test:default/valid/diamond"
TWO_ID = "tile:test/train/two"


def runtimes(*values):
    return Configurations(runtime_ns=np.array(values, np.int64))


def without_time(graph):
    return {name: value for name, value in graph.items() if name != "loaded_at"}


def test_graph_of_the_chain():
    assert without_time(CHAIN.graph) == {
        "id": CHAIN_ID,
        "name": "chain",
        "collection": "layout:test:default",
        "split": "train",
        "sha256": f"{'chain':0<64}",
        "payload": "chain.safetensors",
        "ops": 4,
        "edges": 3,
        "configurable_ops": 0,
        "configs": 0,
        "distinct_configs": 0,
        "measured": 0,
        "computations": 1,
    }


def test_graph_of_the_diamond():
    assert without_time(DIAMOND.graph) == {
        "id": DIAMOND_ID,
        "name": "diamond",
        "collection": "layout:test:default",
        "split": "valid",
        "sha256": f"{'diamond':0<64}",
        "payload": "diamond.safetensors",
        "ops": 4,
        "edges": 4,
        "configurable_ops": 2,
        "configs": 4,
        "distinct_configs": 3,
        "measured": 4,
        "best_ns": 10,
        "median_ns": 20,
        "worst_ns": 30,
        "computations": 1,
    }


def test_graph_of_two_computations():
    assert without_time(TWO.graph) == {
        "id": TWO_ID,
        "name": "two",
        "collection": "tile:test",
        "split": "train",
        "sha256": f"{'two':0<64}",
        "payload": "two.safetensors",
        "ops": 8,
        "edges": 7,
        "configurable_ops": 0,
        "configs": 3,
        "distinct_configs": 2,
        "measured": 3,
        "best_ns": 9,
        "median_ns": 12,
        "worst_ns": 10,
        "computations": 2,
    }


def test_loaded_at_is_the_time_in_utc():
    before = datetime.now(UTC).replace(microsecond=0)
    loaded = datetime.fromisoformat(graph_rows(graphs.chain(), "chain.safetensors").graph["loaded_at"])
    assert loaded.tzinfo == UTC
    assert before <= loaded <= datetime.now(UTC)


def test_hidden_runtimes_leave_no_best_median_or_worst():
    hidden = graphs.diamond().replace(configurations=graphs.layouts([1], [[[0]], [[1]]], [0, 0]))
    graph = graph_rows(hidden, "").graph
    assert (graph["configs"], graph["measured"]) == (2, 0)
    assert {"best_ns", "median_ns", "worst_ns"}.isdisjoint(graph)


def test_ops_of_the_chain():
    assert CHAIN.ops == {
        "uid": [f"{CHAIN_ID}#0", f"{CHAIN_ID}#1", f"{CHAIN_ID}#2", f"{CHAIN_ID}#3"],
        "graph": [CHAIN_ID] * 4,
        "index": [0, 1, 2, 3],
        "opcode": ["parameter", "negate", "tanh", "copy"],
        "shape": ["f32[8,128]"] * 4,
        "dtype": ["f32"] * 4,
        "dims": [[8, 128]] * 4,
        "elements": [1024] * 4,
        "bytes": [4096] * 4,
        "layout": ["{1,0}"] * 4,
        "is_root": [False, False, False, True],
        "computation": [0, 0, 0, 0],
        "is_configurable": [False] * 4,
        "slot": [None] * 4,
        "choices": [None] * 4,
        "fan_in": [0, 1, 1, 1],
        "fan_out": [1, 1, 1, 0],
        "depth": [0, 1, 2, 3],
    }


def test_ops_of_the_diamond():
    assert DIAMOND.ops == {
        "uid": [f"{DIAMOND_ID}#0", f"{DIAMOND_ID}#1", f"{DIAMOND_ID}#2", f"{DIAMOND_ID}#3"],
        "graph": [DIAMOND_ID] * 4,
        "index": [0, 1, 2, 3],
        "opcode": ["parameter", "convolution", "dot", "add"],
        "shape": ["f32[4,8]", "bf16[4,8,16]", "f32[4,16]", "f32[]"],
        "dtype": ["f32", "bf16", "f32", "f32"],
        "dims": [[4, 8], [4, 8, 16], [4, 16], []],
        "elements": [32, 512, 64, 1],
        "bytes": [128, 1024, 256, 4],
        "layout": ["{1,0}", "{2,1,0}", "{0,1}", "{}"],
        "is_root": [False, False, False, True],
        "computation": [0, 0, 0, 0],
        "is_configurable": [False, True, True, False],
        "slot": [None, 0, 1, None],
        "choices": [None, ["{1,0} - -", "{0,1} - -"], ["- {0,1} -", "- {1,0} -"], None],
        "fan_in": [0, 1, 1, 2],
        "fan_out": [2, 1, 1, 0],
        "depth": [0, 1, 1, 2],
    }


def test_ops_of_two_computations():
    assert TWO.ops == {
        "uid": [f"{TWO_ID}#{index}" for index in range(8)],
        "graph": [TWO_ID] * 8,
        "index": [0, 1, 2, 3, 4, 5, 6, 7],
        "opcode": ["parameter", "parameter", "add", "negate", "parameter", "constant", "reduce", "tuple"],
        "shape": ["f32[]", "f32[]", "f32[]", "f32[]", "f32[16]", "f32[]", "f32[]", None],
        "dtype": ["f32", "f32", "f32", "f32", "f32", "f32", "f32", "tuple"],
        "dims": [[], [], [], [], [16], [], [], None],
        "elements": [1, 1, 1, 1, 16, 1, 1, None],
        "bytes": [4, 4, 4, 4, 64, 4, 4, None],
        "layout": ["{}", "{}", "{}", "{}", "{0}", "{}", "{}", None],
        "is_root": [False, False, True, False, False, False, False, True],
        "computation": [0, 0, 0, 0, 1, 1, 1, 1],
        "is_configurable": [False] * 8,
        "slot": [None] * 8,
        "choices": [None] * 8,
        "fan_in": [0, 0, 2, 1, 0, 0, 2, 1],
        "fan_out": [1, 2, 0, 0, 1, 1, 1, 0],
        "depth": [0, 0, 1, 1, 0, 0, 1, 2],
    }


def test_an_opcode_that_the_dataset_does_not_know_is_absent():
    record = graphs.chain()
    numbers = record.opcode_numbers.copy()
    numbers[1] = 0
    assert graph_rows(record.replace(opcode_numbers=numbers), "").ops["opcode"][1] is None


def test_configs_of_the_chain():
    assert set(map(len, CHAIN.configs.values())) == {0}


def test_configs_of_the_diamond():
    assert DIAMOND.configs == {
        "uid": [f"{DIAMOND_ID}/config/{index}" for index in range(4)],
        "graph": [DIAMOND_ID] * 4,
        "index": [0, 1, 2, 3],
        "same_as": [0, 1, 2, 0],
        "times_measured": [2, 1, 1, 2],
        "codes": [[0, 0], [1, 0], [0, 1], [0, 0]],
        "runtime_ns": [30, 10, 20, 30],
        "slowdown": [3.0, 1.0, 2.0, 3.0],
        "rank": [2, 0, 1, 2],
    }


def test_configs_of_two_computations():
    assert TWO.configs == {
        "uid": [f"{TWO_ID}/config/{index}" for index in range(3)],
        "graph": [TWO_ID] * 3,
        "index": [0, 1, 2],
        "same_as": [0, 1, 1],
        "times_measured": [1, 2, 2],
        "kernel_bounds": [[0] * 6] * 3,
        "output_bounds": [[8, 128, 0, 0, 0, 0], [16, 64, 0, 0, 0, 0], [16, 64, 0, 0, 0, 0]],
        "input_bounds": [[0] * 6] * 3,
        "runtime_ns": [10, 9, 12],
        "normalizer_ns": [2, 3, 4],
        "slowdown": [5 / 3, 1.0, 1.0],
        "rank": [1, 0, 0],
    }


def test_what_was_not_measured_is_absent_from_a_tile():
    hidden = graphs.two_computations().replace(configurations=graphs.tiles([[8], [8]], [0, 6], [1, 2]))
    configs = graph_rows(hidden, "", None).configs
    measured = ("times_measured", "runtime_ns", "normalizer_ns", "slowdown", "rank")
    assert [configs[name] for name in measured] == [[None, 1], [None, 6], [None, 2], [None, 1.0], [None, 0]]


def test_configs_that_are_left_out_still_count():
    few = graph_rows(graphs.diamond(), "", 2)
    assert few.graph["configs"] == 4
    assert few.configs["index"] == [1, 3]
    assert few.configs["rank"] == [0, 2]
    assert few.configs["same_as"] == [1, 0]
    assert few.configs["times_measured"] == [1, 2]


def test_feeds_run_from_producer_to_consumer():
    assert DIAMOND.feeds.tolist() == [[0, 1], [0, 2], [1, 3], [2, 3]]
    assert DIAMOND.called_by.tolist() == []


def test_called_by_runs_from_the_root_to_its_caller():
    assert TWO.called_by.tolist() == [[2, 6]]
    assert TWO.feeds.tolist() == [[0, 2], [1, 2], [1, 3], [4, 6], [5, 6], [6, 7]]


def test_an_edge_that_the_file_repeats_is_written_once():
    record = graphs.two_computations()
    twice = graph_rows(record.replace(edges=np.vstack([record.edges, record.edges[::-1]])), "")
    assert twice.feeds.tolist() == TWO.feeds.tolist()
    assert twice.called_by.tolist() == TWO.called_by.tolist()
    assert (twice.graph["edges"], twice.ops["fan_in"]) == (7, TWO.ops["fan_in"])


def test_elements_count_nodes_and_edges():
    assert CHAIN.elements == 1 + 4 + 3
    assert DIAMOND.elements == (1 + 4 + 4) + (4 + 4)
    assert TWO.elements == (1 + 8 + 3) + (6 + 1 + 3)


def test_rows_have_their_graph_s_id():
    assert (CHAIN.id, DIAMOND.id, TWO.id) == (CHAIN_ID, DIAMOND_ID, TWO_ID)


@LITERAL
def test_columns_are_as_long_as_there_are_nodes(made):
    assert {len(column) for column in made.ops.values()} == {made.graph["ops"]}
    assert {len(column) for column in made.configs.values()} == {made.graph["configs"]}
    assert len({len(column) for column in made.computations.values()}) == 1


@LITERAL
def test_values_are_plain_python(made):
    kinds = {type(value) for column in (*made.ops.values(), *made.configs.values()) for value in column}
    assert kinds | {type(value) for value in made.graph.values()} <= {str, int, float, bool, list, type(None)}


def test_graph_properties_are_the_schema_s_less_what_npz_does_not_give():
    assert set(DIAMOND.graph) == set(schema.GRAPH.property_names()) - {"failed_runs", "repeat_tau", "module", "stage"}


PROGRAM_S = {"name", "attributes", "op_name", "source_file", "source_line", "operands"}
MODELS = {"cost", "cost_share", "cost_rank", "cost_finish", "measured_ns"}


def test_op_columns_are_the_schema_s_less_what_npz_and_models_do_not_give():
    assert set(DIAMOND.ops) == set(TWO.ops) == set(schema.OP.property_names()) - PROGRAM_S - MODELS


def test_a_program_gives_the_other_op_columns():
    assert set(LOWERED.ops) == set(schema.OP.property_names()) - MODELS


def test_config_columns_are_the_schema_s_less_what_npz_does_not_give():
    later = {"is_default", "repeat_runtime_ns"}
    loaded = {property_.name for property_ in schema.CONFIG.properties if not property_.model}
    assert set(DIAMOND.configs) | set(TWO.configs) == loaded - later


def test_graph_of_a_program():
    assert without_time(LOWERED.graph) == {
        "id": "hlo:test/train/lowered",
        "name": "lowered",
        "collection": "hlo:test",
        "split": "train",
        "sha256": f"{'lowered':0<64}",
        "payload": "",
        "ops": 11,
        "edges": 11,
        "configurable_ops": 0,
        "configs": 0,
        "distinct_configs": 0,
        "measured": 0,
        "module": "jit_loss",
        "stage": "before_optimizations",
        "computations": 3,
    }


def test_ops_of_a_program():
    erf, total, result = ({name: values[op] for name, values in LOWERED.ops.items()} for op in (8, 9, 10))
    assert erf == {
        "uid": "hlo:test/train/lowered#8",
        "graph": "hlo:test/train/lowered",
        "index": 8,
        "opcode": "erf",
        "name": "erf.1",
        "shape": "f32[4,8]",
        "dtype": "f32",
        "dims": [4, 8],
        "elements": 32,
        "bytes": 128,
        "layout": "{1,0}",
        "attributes": None,
        "op_name": "jit(loss)/erf",
        "source_file": "/home/me/model.py",
        "source_line": 12,
        "is_root": False,
        "computation": 2,
        "operands": [7],
        "is_configurable": False,
        "slot": None,
        "choices": None,
        "fan_in": 1,
        "fan_out": 2,
        "depth": 2,
    }
    assert (total["attributes"], total["operands"]) == ("dimensions={1}, to_apply=sum", [8, 6])
    shown = [result[name] for name in ("shape", "dtype", "dims", "elements", "bytes", "layout", "source_line")]
    assert shown == ["(f32[4], f32[4,8])", "tuple", None, 36, 144, None, None]


def test_edges_of_a_program():
    assert LOWERED.feeds.tolist() == [[0, 2], [1, 2], [3, 4], [5, 7], [6, 9], [7, 8], [8, 9], [8, 10], [9, 10]]
    assert LOWERED.called_by.tolist() == [[2, 9], [4, 7]]
    assert LOWERED.inside.tolist() == [[op, computation] for op, computation in enumerate([0] * 3 + [1] * 2 + [2] * 6)]
    assert (LOWERED.calls.tolist(), LOWERED.call_kinds) == ([[7, 1], [9, 0]], ["calls", "to_apply"])


def test_elements_of_a_program():
    assert LOWERED.elements == (1 + 11 + 3) + (9 + 2) + 11 + 2


def test_what_a_record_without_a_program_lacks():
    assert TWO.computations["uid"] == TWO.call_kinds == []
    assert TWO.inside.shape == TWO.calls.shape == (0, 2)


def test_failed_runs_and_a_second_run():
    configurations = replace(
        graphs.diamond().configurations,
        repeat_runtime_ns=np.array([31, 11, 12, 0]),
        is_default=np.array([False, False, True, False]),
    )
    made = graph_rows(graphs.diamond().replace(configurations=configurations, failed_runs=2), "")
    assert (made.graph["failed_runs"], made.graph["repeat_tau"]) == (2, 1.0)
    assert made.configs["repeat_runtime_ns"] == [31, 11, 12, None]
    assert made.configs["is_default"] == [False, False, True, False]


@pytest.mark.parametrize(
    ("limit", "expected"), [(0, []), (1, [4]), (2, [0, 4]), (3, [0, 2, 4]), (5, [0, 1, 2, 3, 4]), (9, [0, 1, 2, 3, 4])]
)
def test_configs_are_the_best_the_worst_and_an_even_spread(limit, expected):
    assert choose_configs(runtimes(50, 40, 30, 20, 10), limit).tolist() == expected


def test_configs_follow_the_ranks_not_the_numbers():
    assert choose_configs(runtimes(30, 10, 50, 20, 40), 3).tolist() == [0, 1, 2]


def default_is(configs, *numbers):
    return replace(configs, is_default=np.isin(np.arange(len(configs)), numbers))


@pytest.mark.parametrize(("default", "expected"), [(0, [0, 3, 6]), (1, [0, 1, 6]), (5, [0, 5, 6]), (6, [0, 3, 6])])
def test_the_default_takes_the_place_of_the_nearest(default, expected):
    configs = runtimes(10, 20, 30, 40, 50, 60, 70)
    assert choose_configs(default_is(configs, default), 3).tolist() == expected
    assert choose_configs(default_is(configs), 3).tolist() == [0, 3, 6]


def test_of_several_defaults_the_best_is_chosen():
    assert choose_configs(default_is(runtimes(70, 60, 50, 40, 30, 20, 10), 1, 2), 3).tolist() == [0, 2, 6]


def test_a_default_that_was_not_measured_is_not_chosen():
    assert choose_configs(default_is(runtimes(10, 0, 30, 40, 50), 1), 3).tolist() == [0, 3, 4]


def test_hidden_configs_are_spread_over_their_numbers():
    assert choose_configs(runtimes(0, 0, 0, 0, 0), 3).tolist() == [0, 2, 4]


def test_a_limit_chooses_measured_configs_only():
    assert choose_configs(runtimes(0, 20, 0, 10), 2).tolist() == [1, 3]


def test_no_limit_chooses_every_config():
    assert choose_configs(runtimes(0, 20, 0, 10), None).tolist() == [0, 1, 2, 3]


def test_there_may_be_none_to_choose():
    assert choose_configs(runtimes(), 100).tolist() == []
    assert choose_configs(runtimes(), None).tolist() == []


@given(st.lists(st.integers(1, 99), min_size=2), st.integers(2, 30))
def test_a_spread_holds_as_many_as_asked_and_both_ends(values, limit):
    configs = runtimes(*values)
    chosen = choose_configs(configs, limit)
    assert len(set(chosen.tolist())) == len(chosen) == min(limit, len(values))
    assert {min(values), max(values)} <= set(configs.runtime_ns[chosen].tolist())


@given(strategies.records() | strategies.lowered_records())
def test_every_record_has_rows(record):
    made = graph_rows(record, "", None)
    ops, configs = len(record), len(record.configurations)
    assert {len(column) for column in made.ops.values()} == {ops}
    assert {len(column) for column in made.configs.values()} == {configs}
    pairs = [tuple(pair) for pair in (*made.feeds.tolist(), *made.called_by.tolist())]
    assert len(pairs) == len(set(pairs)) == made.graph["edges"]
    assert {(consumer, producer) for producer, consumer in pairs} == set(map(tuple, record.edges.tolist()))


@pytest.mark.parametrize(
    ("row", "text"),
    [
        ([-1] * 18, "- - -"),
        ([0] + [-1] * 17, "{0} - -"),
        ([1, 0, -1, -1, -1, -1, 5, 4, 3, 2, 1, 0, 0, 1, -1, -1, -1, -1], "{1,0} {5,4,3,2,1,0} {0,1}"),
    ],
    ids=["free", "vector", "all three"],
)
def test_layout_text(row, text):
    assert rows.layout_text(row) == text


@pytest.mark.parametrize("name", real.FILES)
def test_rows_of_a_real_graph(data, name):
    record = real.record(data, name)
    made = graph_rows(record, "")
    assert len(made.feeds) + len(made.called_by) == made.graph["edges"] == len(record.edges)
    assert made.graph["ops"] == len(record)
    assert len(made.configs["uid"]) == min(100, len(record.configurations))


@pytest.mark.parametrize("name", ["unet3d", "unet_3d.4x4.bf16"])
def test_codes_of_a_real_graph_lead_to_choices(data, name):
    made = graph_rows(real.record(data, name), "")
    choices = [choice for choice in made.ops["choices"] if choice]
    widest = np.max(made.configs["codes"], axis=0)
    assert len(choices) == made.graph["configurable_ops"] == len(widest)
    assert all(code < len(choice) for code, choice in zip(widest, choices, strict=True))


def test_best_and_worst_of_unet3d(data):
    graph = graph_rows(real.record(data, "unet3d"), "").graph
    assert (round(graph["best_ns"] / 1e9, 1), round(graph["worst_ns"] / 1e9, 1)) == (23.3, 71.0)
    assert (graph["configs"], graph["distinct_configs"]) == (1159, 681)
