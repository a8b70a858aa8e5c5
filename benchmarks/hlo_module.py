"""HLO text of any size: a transformer's layers as XLA prints them before optimisation, seeded.

Each layer has 46 instructions in the entry and three computations of its own, as JAX makes them: names that count up,
metadata with the layer's scope and a stack frame, shapes that repeat.
"""

from __future__ import annotations

import random

FRAMES = 400
_BATCH, _LENGTH, _WIDTH, _HEADS = 8, 128, 512, 8
_HIDDEN = f"f32[{_BATCH},{_LENGTH},{_WIDTH}]{{2,1,0}}"
_WIDE = f"f32[{_BATCH},{_LENGTH},{4 * _WIDTH}]{{2,1,0}}"
_SPLIT = f"f32[{_BATCH},{_LENGTH},{_HEADS},{_WIDTH // _HEADS}]{{3,2,1,0}}"
_SCORES = f"f32[{_BATCH},{_HEADS},{_LENGTH},{_LENGTH}]{{3,2,1,0}}"
_MIXED = f"f32[{_BATCH},{_HEADS},{_LENGTH},{_WIDTH // _HEADS}]{{3,2,1,0}}"
_TURNED = f"f32[{_BATCH},{_LENGTH},{_HEADS},{_WIDTH // _HEADS}]{{3,1,2,0}}"
_ROWS = f"f32[{_BATCH},{_LENGTH}]{{1,0}}"
_SCORE_ROWS = f"f32[{_BATCH},{_HEADS},{_LENGTH}]{{2,1,0}}"
_SQUARE, _GROW, _SHRINK = (f"f32[{a},{b}]{{1,0}}" for a, b in ((512, 512), (512, 2048), (2048, 512)))
_PLAIN = "lhs_contracting_dims={2}, rhs_contracting_dims={0}"
_PAIRS = "lhs_batch_dims={0,2}, lhs_contracting_dims={3}, rhs_batch_dims={0,2}, rhs_contracting_dims={3}"
_MIX = "lhs_batch_dims={0,1}, lhs_contracting_dims={3}, rhs_batch_dims={0,2}, rhs_contracting_dims={1}"


class _Text:
    """Lines so far, and what the next instruction is called."""

    def __init__(self, seed: int, operand_shapes: bool) -> None:
        self.random, self.operand_shapes = random.Random(seed), operand_shapes
        self.computations: list[str] = []
        self.entry: list[str] = []
        self.shapes: dict[str, str] = {}
        self.frames: dict[str, int] = {}
        self.count = self.parameters = 0

    def op(self, shape: str, opcode: str, *operands: str, said: str = "", scope: str = "") -> str:
        """Add an instruction to the entry; its name."""
        name = f"{opcode}.{self.count}"
        self.count += 1
        self.shapes[name] = shape
        between = ", ".join(self._operand(operand) for operand in operands)
        where = f'metadata={{op_name="jit(train_step)/{scope}" stack_frame_id={self._frame(scope)}}}' if scope else ""
        tail = "".join(f", {part}" for part in (said, where) if part)
        self.entry.append(f"  %{name} = {shape} {opcode}({between}){tail}")
        return name

    def _frame(self, scope: str) -> int:
        """The line that a statement stands on, the same in every layer."""
        statement = scope.partition("/")[2]
        return self.frames.setdefault(statement, self.random.randrange(1, FRAMES + 1))

    def _operand(self, name: str) -> str:
        shape = self.shapes.get(name)  # a constant's value or a parameter's number has none
        return name if shape is None else f"{shape} %{name}" if self.operand_shapes else f"%{name}"

    def weight(self, shape: str) -> str:
        """Add a parameter."""
        self.parameters += 1
        return self.op(shape, "parameter", str(self.parameters - 1))

    def number(self, shape: str, value: str, scope: str) -> str:
        """Add a constant everywhere in a shape."""
        return self.op(shape, "broadcast", self.op("f32[]", "constant", value), said="dimensions={}", scope=scope)

    def reduce(self, shape: str, opcode: str, operand: str, start: str, dimension: int, scope: str) -> str:
        """Add a reduction and the computation that it applies."""
        region, a, b, root = (
            f"{stem}.{self.count + number}" for number, stem in enumerate(("region", "a", "b", opcode))
        )
        self.count += 4
        last = f"f32[] %{a}, f32[] %{b}" if self.operand_shapes else f"%{a}, %{b}"
        self.computations.append(
            f"%{region} ({a}: f32[], {b}: f32[]) -> f32[] {{\n"
            f'  %{a} = f32[] parameter(0), metadata={{op_name="reduce_{opcode}"}}\n'
            f'  %{b} = f32[] parameter(1), metadata={{op_name="reduce_{opcode}"}}\n'
            f'  ROOT %{root} = f32[] {opcode}({last}), metadata={{op_name="reduce_{opcode}"}}\n}}\n'
        )
        said = f"dimensions={{{dimension}}}, to_apply=%{region}"
        return self.op(shape, "reduce", operand, self.op("f32[]", "constant", start), said=said, scope=scope)


def _normalized(text: _Text, x: str, scope: str) -> str:
    total = text.reduce(_ROWS, "add", x, "0", 2, f"{scope}/reduce_sum")
    mean = text.op(_ROWS, "divide", total, text.number(_ROWS, "512", f"{scope}/div"), scope=f"{scope}/div")
    wide = text.op(_HIDDEN, "broadcast", mean, said="dimensions={0,1}", scope=f"{scope}/sub")
    centred = text.op(_HIDDEN, "subtract", x, wide, scope=f"{scope}/sub")
    gain = text.op(_HIDDEN, "broadcast", text.weight("f32[512]{0}"), said="dimensions={2}", scope=f"{scope}/mul")
    return text.op(_HIDDEN, "multiply", centred, gain, scope=f"{scope}/mul")


def _softmax(text: _Text, scores: str, scope: str) -> str:
    spread = "dimensions={0,1,2}"
    most = text.reduce(_SCORE_ROWS, "maximum", scores, "-inf", 3, f"{scope}/reduce_max")
    most = text.op(_SCORES, "broadcast", most, said=spread, scope=f"{scope}/sub")
    grown = text.op(_SCORES, "subtract", scores, most, scope=f"{scope}/sub")
    grown = text.op(_SCORES, "exponential", grown, scope=f"{scope}/exp")
    total = text.reduce(_SCORE_ROWS, "add", grown, "0", 3, f"{scope}/reduce_sum")
    total = text.op(_SCORES, "broadcast", total, said=spread, scope=f"{scope}/div")
    return text.op(_SCORES, "divide", grown, total, scope=f"{scope}/div")


def _attended(text: _Text, x: str, scope: str) -> str:
    heads = []
    for name in ("query", "key", "value"):
        head = text.op(_HIDDEN, "dot", x, text.weight(_SQUARE), said=_PLAIN, scope=f"{scope}/{name}/dot_general")
        heads.append(text.op(_SPLIT, "reshape", head, scope=f"{scope}/{name}/reshape"))
    scores = text.op(_SCORES, "dot", heads[0], heads[1], said=_PAIRS, scope=f"{scope}/dot_general")
    scores = text.op(_SCORES, "multiply", scores, text.number(_SCORES, "0.125", f"{scope}/mul"), scope=f"{scope}/mul")
    shares = _softmax(text, scores, f"{scope}/softmax")
    mixed = text.op(_MIXED, "dot", shares, heads[2], said=_MIX, scope=f"{scope}/dot_general")
    mixed = text.op(_TURNED, "transpose", mixed, said="dimensions={0,2,1,3}", scope=f"{scope}/dot_general")
    mixed = text.op(_HIDDEN, "reshape", mixed, scope=f"{scope}/reshape")
    return text.op(_HIDDEN, "dot", mixed, text.weight(_SQUARE), said=_PLAIN, scope=f"{scope}/out/dot_general")


def _layer(text: _Text, x: str, number: int) -> str:
    scope = f"layer_{number}"
    attended = _attended(text, _normalized(text, x, f"{scope}/norm"), f"{scope}/attention")
    x = text.op(_HIDDEN, "add", x, attended, scope=f"{scope}/add")
    grown = text.op(_WIDE, "dot", x, text.weight(_GROW), said=_PLAIN, scope=f"{scope}/mlp/dot_general")
    grown = text.op(_WIDE, "maximum", grown, text.number(_WIDE, "0", f"{scope}/mlp/max"), scope=f"{scope}/mlp/max")
    shrunk = text.op(_HIDDEN, "dot", grown, text.weight(_SHRINK), said=_PLAIN, scope=f"{scope}/mlp/dot_general")
    return text.op(_HIDDEN, "add", x, shrunk, scope=f"{scope}/add")


def module(instructions: int, seed: int = 1, operand_shapes: bool = False) -> str:
    """The text of a module of at least so many instructions."""
    text = _Text(seed, operand_shapes)
    x, layers = text.weight(_HIDDEN), 0
    while len(text.entry) + 3 * len(text.computations) < instructions:
        x = _layer(text, x, layers)
        layers += 1
    text.entry[-1] = text.entry[-1].replace("  %", "  ROOT %", 1)
    rows = [
        f"{n} {{file_name_id=1 function_name_id=1 line={n} end_line={n} column=1 end_column=2}}"
        for n in range(1, FRAMES + 1)
    ]
    frames = [f"{n} {{file_location_id={n} parent_frame_id={n}}}" for n in range(1, FRAMES + 1)]
    tables = ["FileNames", '1 "train.py"', "", "FunctionNames", '1 "train_step"', "", "FileLocations", *rows, ""]
    head = ["HloModule jit_train_step", "", *tables, "StackFrames", *frames, "", ""]
    entry = [f"ENTRY %main.1 (x: {_HIDDEN.split('{')[0]}) -> {_HIDDEN.split('{')[0]} {{", *text.entry, "}", ""]
    return "\n".join([*head, *text.computations, *entry])
