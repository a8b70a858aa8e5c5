import numpy as np
import pytest

from tests import graphs
from tests.analytics.costs.programs import OF_TWO, read
from tests.hlo import oracle, programs
from tpugraph_db.analytics.costs import ABSENT, op_costs_of
from tpugraph_db.analytics.costs.contracted import dots
from tpugraph_db.analytics.costs.costs import FIGURES
from tpugraph_db.formats import read as read_file
from tpugraph_db.formats import read_all
from tpugraph_db.formats.identity import Identity
from tpugraph_db.hlo import proto, text
from tpugraph_db.hlo.record import record

LOCAL = Identity(None, "none", "m", "0" * 64)


def both(made):
    """Costs of a program, and of its 140 columns alone; loops count once, as columns have no trip counts."""
    return op_costs_of(made, count_trips=False), op_costs_of(made.replace(program=None))


def assert_what_is_known_is_the_same(made):
    exact, known = both(made)
    for figure in FIGURES:
        for name in (figure, f"total_{figure}"):
            expected, found = getattr(exact, name), getattr(known, name)
            sure = ~np.isnan(found) & ~np.isnan(expected)
            wrong = np.flatnonzero(sure & (expected != found))
            unsure = [op for op in wrong if name.startswith("total_") and _has_unknown(known, figure)]
            assert wrong.tolist() == unsure, [(made.program.names[op], expected[op], found[op]) for op in wrong]
    return exact, known


def _has_unknown(costs, figure):
    return bool(np.isnan(getattr(costs, figure)).any())


def test_every_opcode():
    """What columns cannot say is not known, of the opcodes that are listed, and never something else."""
    made = read_file(oracle.EVERY_OPCODE)
    exact, known = assert_what_is_known_is_the_same(made)
    missing = np.zeros(len(made), bool)
    for figure in FIGURES:
        missing |= np.isnan(getattr(known, figure)) & ~np.isnan(getattr(exact, figure))
    newer = (made.opcode_numbers == 0) | np.array([text.startswith("s4") for text in made.program.shapes])
    left = set(exact.opcodes[missing & ~newer].tolist())
    assert left <= set(ABSENT)
    assert {"fft", "map", "infeed", "copy-start"} <= left


@pytest.mark.parametrize("name", ["mlp", "conv_net", "reductions", "slices", "linear_algebra", "constants"])
def test_programs_before_optimisation(name):
    exact, known = assert_what_is_known_is_the_same(record(proto.program(programs.proto(name), name), LOCAL))
    assert (exact.runs == known.runs).all() or name == "linear_algebra"


def test_a_real_graph_is_known_but_for_its_custom_calls(data):
    """The npz and the HLO of the same program."""
    columns = read_file(data / "npz/layout/xla/default/valid/unet_3d.4x4.bf16.npz")
    (program,) = read_all(data / "tuning/module_tuning_data_layout.pb")
    known, exact = op_costs_of(columns), op_costs_of(program, count_trips=False)
    for figure in FIGURES:
        assert known.unknown(figure) in ({"custom-call": 6}, {})
        np.testing.assert_array_equal(getattr(known, figure), getattr(exact, figure))
    assert known.program() == exact.program() == (9574418636417, 26156683, 230828674847)
    assert known.trips[known.trips != 0].tolist() == [-1] * 3
    assert op_costs_of(program).trips[known.trips != 0].tolist() == [2] * 3


def known_of(entry, **options):
    return op_costs_of(read(entry, **options).replace(program=None))


def test_an_operand_that_is_read_twice():
    """Columns have one edge for both readings; a multiplication has two operands."""
    assert known_of("a = f32[8] parameter(0)\n  b = f32[8] multiply(a, a)").bytes_accessed[-1] == 3 * 32


def test_a_dot_of_which_the_contraction_is_plain():
    lines = "a = f32[2,3,4] parameter(0)\n  b = f32[2,4,5] parameter(1)\n"
    said = "lhs_batch_dims={0}, rhs_batch_dims={0}, lhs_contracting_dims={2}, rhs_contracting_dims={1}"
    assert known_of(f"{lines}  d = f32[2,3,5] dot(a, b), {said}").flops[-1] == 2 * 30 * 4


def test_a_dot_of_squares_is_not_known():
    """f32[4,4] of f32[4,4] twice: a product of matrices, or of elements with two dimensions of the batch."""
    lines = "a = f32[4,4] parameter(0)\n  b = f32[4,4] parameter(1)\n"
    costs = known_of(f"{lines}  d = f32[4,4] dot(a, b), lhs_contracting_dims={{1}}, rhs_contracting_dims={{0}}")
    assert costs.unknown("flops") == {"dot": 1}
    assert costs.unknown("bytes_accessed") == {}


@pytest.mark.parametrize(
    ("left", "right", "output", "contracted"),
    [
        ((8, 3), (3, 5), (8, 5), [[1]]),
        ((3, 8), (3, 5), (8, 5), [[0]]),
        ((2, 3, 4), (2, 4, 5), (2, 3, 5), [[2]]),
        ((3,), (5,), (3, 5), [[]]),
        ((7, 2), (7, 2), (), [[0, 1]]),
        ((4, 4), (4, 4), (4, 4), [[], [1]]),
        ((8, 3), (4, 5), (8, 5), []),
        ((3,), (3,), (3, 3, 3), []),
    ],
)
def test_contractions(left, right, output, contracted):
    assert dots(left, right, output) == contracted


def test_a_reduction_over_dimension_0_of_several_arrays_is_told_by_who_takes_it_apart():
    lines = "x = f32[4,8] parameter(0)\n  y = f32[4,8] parameter(1)\n  z = f32[] constant(0)\n"
    lines += "  r = (f32[4], f32[4]) reduce(x, y, z, z), dimensions={1}, to_apply=two"
    assert known_of(lines, functions=OF_TWO).unknown("flops") == {"reduce": 1}
    costs = known_of(f"{lines}\n  g = f32[4] get-tuple-element(r), index=1", functions=OF_TWO)
    assert (costs.flops[-2], costs.bytes_accessed[-2]) == (2 * 28, 4 * (64 + 2 + 8))


def test_literal_graphs():
    two = op_costs_of(graphs.two_computations())
    assert two.flops.tolist() == [0, 0, 1, 1, 0, 0, 2 * 15, 0]  # what it applies has a negation that is not its result
    assert two.bytes_accessed[6] == 64 + 4 + 4
    assert two.runs.tolist() == [0, 0, 0, 0, 1, 1, 1, 1]
    chain = op_costs_of(graphs.chain())
    assert chain.flops.tolist() == [0, 1024, 0, 0]
    assert chain.transcendentals.tolist() == [0, 0, 1024, 0]
    assert chain.bytes_accessed.tolist() == [0, 8192, 8192, 8192]


def test_a_loop_has_no_trip_count():
    made = read_file(oracle.EVERY_OPCODE).replace(program=None)
    costs = op_costs_of(made)
    assert costs.trips[costs.opcodes == "while"].tolist() == [-1]
    assert "while" in ABSENT


def test_text_and_columns_of_the_optimised_program():
    """Fusions: their bodies' parameters are all that is needed."""
    made = record(text.program(programs.optimized("mlp"), "mlp"), LOCAL)
    exact, known = assert_what_is_known_is_the_same(made)
    assert known.program().flops == exact.program().flops
