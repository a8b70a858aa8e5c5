"""A listing of what HLO says: every op is known exactly."""

from __future__ import annotations

from tpugraph_db.analytics.costs.listing import Call, Listing, role
from tpugraph_db.analytics.costs.op import Op
from tpugraph_db.analytics.costs.trips import trip_counts
from tpugraph_db.hlo import shape
from tpugraph_db.hlo.attributes import attributes
from tpugraph_db.program import Program


def listing(program: Program) -> Listing:
    """List a program's ops."""
    opcodes, operands = program.opcodes.tolist(), program.operands.tolist()
    shape_codes, said_codes = program.shapes.codes.tolist(), program.attributes.codes.tolist()
    table = [shape.parse(text) for text in program.shapes.table.tolist()]
    texts = program.attributes.table.tolist()
    kinds = program.call_kinds.tolist()

    def options(op: int) -> list[Op]:
        given = tuple(table[shape_codes[operand]] for operand in operands[op])
        return [Op(opcodes[op], table[shape_codes[op]], given, attributes(texts[said_codes[op]]))]

    return Listing(
        opcodes=opcodes,
        shapes=[table[code] for code in shape_codes],
        operands=operands,
        ordered=True,
        keys=[
            (opcode, code, said, *(shape_codes[operand] for operand in given))
            for opcode, code, said, given in zip(opcodes, shape_codes, said_codes, operands, strict=True)
        ],
        options=options,
        starts=program.computation_starts.tolist(),
        roots=program.computation_roots.tolist(),
        entries=[program.entry],
        calls=[
            Call(op, computation, role(opcodes[op], kind))
            for (op, computation), kind in zip(program.calls.tolist(), kinds, strict=True)
        ],
        trips=dict(trip_counts(program)),
    )
