"""Programs and columns that are not what they should be: costs are then not known, and nothing else happens."""

import random
from dataclasses import replace

import numpy as np
import pytest

from tests.analytics.costs.programs import counted
from tests.hlo import oracle
from tpugraph_db.analytics.costs import op_costs_of
from tpugraph_db.analytics.machines import find_machine
from tpugraph_db.analytics.roofline import roofline
from tpugraph_db.formats import read
from tpugraph_db.packed import Coded, Lists

NUMBERS = [np.nan, np.inf, -1, 0, 1, 2, 3, 0.5, 1e18, 1e30]
SHAPES = ["f32[0]", f"f32[{','.join(['9' * 18] * 9)}]", "token[]", "()", "f32[?]"]


@pytest.fixture(scope="module")
def made():
    return read(oracle.EVERY_OPCODE)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("seed", range(5))
def test_changed_programs(made, seed):
    chance, program = random.Random(seed), made.program
    said, shapes, operands = program.attributes.tolist(), program.shapes.tolist(), program.operands.tolist()
    for _ in range(100):
        op = chance.randrange(1, len(said))
        said[op] = chance.choice(
            [*program.attributes.table, said[op].replace("1", "0"), said[op][: len(said[op]) // 2]]
        )
        shapes[chance.randrange(len(said))] = chance.choice([*program.shapes.table, *SHAPES])
        operands[op] = chance.choice([operands[op][:-1], [*operands[op], chance.randrange(op)]])
    changed = replace(
        program, attributes=Coded.of(said), shapes=Coded.of(shapes), operands=Lists.of(operands)
    )  # fmt: skip
    found = roofline(made.replace(program=changed), find_machine("tpu_v4"))
    assert len(found.top(len(made)).rows) > 0
    assert not (found.costs.flops < 0).any()


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("seed", range(5))
def test_changed_columns(made, seed):
    chance = random.Random(seed)
    features = np.array(made.features)
    for _ in range(200):
        features[chance.randrange(len(made)), chance.randrange(140)] = chance.choice(NUMBERS)
    costs = op_costs_of(made.replace(program=None, features=features))
    assert not (costs.flops < 0).any()


@pytest.mark.parametrize(
    "said",
    [
        "window={size=3x3 stride=0x0}, dim_labels=b01f_01io->b01f",
        "window={size=3x3}, dim_labels=b01f_01io->b01f, feature_group_count=0",
        "dim_labels=b01f_01io->b01f, window={size=3}",
        "window={size=3x3}, dim_labels=bxyf_01io->b01f",
    ],
)
def test_convolutions_that_are_none(made, said):
    program = made.program
    at = program.names.tolist().index("cv")
    texts = program.attributes.tolist()
    texts[at] = said
    costs = op_costs_of(made.replace(program=replace(program, attributes=Coded.of(texts))))
    assert np.isnan(costs.flops[at])


def test_a_kernel_that_would_take_hours_to_count():
    large = 10**12
    lines = f"a = f32[1,{2 * large},1] parameter(0)\n  k = f32[{large},1,1] parameter(1)\n"
    found = counted(
        f"{lines}  c = f32[1,{large + 1},1] convolution(a, k), window={{size={large}}}, dim_labels=b0f_0io->b0f"
    )
    assert found.costs.unknown("flops") == {"convolution": 1}
