"""XLA's cost analysis of single ops, by jaxlib's private module: each in a module of its own."""

from __future__ import annotations

from collections.abc import Mapping

from tpugraph_db.program import Program

PLAIN = ("parameter", "constant")


def one_op_costs(program: Program, text: str) -> Mapping[str, tuple[float, float, float]]:
    """(flops, bytes, transcendentals) of every op of the entry by name, but for parameters and constants.

    ``text`` is the program's: what stands before its entry goes before each op. Equal ops are asked for once.
    """
    before = "HloModule one\n" + text[: text.index("\nENTRY ")].partition("\n")[2]
    start, end = program.computation_starts[program.entry : program.entry + 2].tolist()
    asked: dict[str, tuple[float, float, float]] = {}
    found = {}
    for op in range(start, end):
        if program.opcodes[op] not in PLAIN:
            entry = _entry(program, op)
            if entry not in asked:
                asked[entry] = analysed(f"{before}\n{entry}")
            found[program.names[op]] = asked[entry]
    return found


def analysed(text: str) -> tuple[float, float, float]:
    """(flops, bytes, transcendentals) of a module."""
    import jax
    from jaxlib import _hlo, _jax

    module = _hlo.hlo_module_from_text(text)
    said = _jax.hlo_module_cost_analysis(jax.devices("cpu")[0].client, module)
    return said.get("flops", 0.0), said.get("bytes accessed", 0.0), said.get("transcendentals", 0.0)


def _entry(program: Program, op: int) -> str:
    """An entry of one op; its operands are parameters."""
    operands = program.operands[op].tolist()
    distinct = list(dict.fromkeys(operands))
    lines = [f"  a{at} = {program.shapes[operand]} parameter({at})" for at, operand in enumerate(distinct)]
    given = ", ".join(f"a{distinct.index(operand)}" for operand in operands)
    said = program.attributes[op]
    lines.append(f"  ROOT r = {program.shapes[op]} {program.opcodes[op]}({given}){', ' if said else ''}{said}")
    return "\n".join(["ENTRY main {", *lines, "}", ""])
