"""Every query of the library with answers worked out by hand on the literal graphs (``tests.graphs``, ``conftest``)."""

from __future__ import annotations

from typing import Any

CHAIN = "layout:test:default/train/chain"
RELAID = "layout:test:default/train/relaid"
DIAMOND = "layout:test:default/valid/diamond"
TWO = "tile:test/train/two"

SMALL = "f32[4,8]"

Case = tuple[dict[str, Any], list[tuple[Any, ...]]]

ANSWERS: dict[str, list[Case]] = {
    "biggest_ops": [
        (
            {"top": 2},
            [
                (CHAIN, 0, "parameter", "f32[8,128]", "{1,0}", 4096, 1),
                (CHAIN, 1, "negate", "f32[8,128]", "{1,0}", 4096, 1),
            ],
        ),
        ({"graph": DIAMOND, "opcode": "dot"}, [(DIAMOND, 2, "dot", "f32[4,16]", "{0,1}", 256, 1)]),
        ({"graph": TWO, "top": 1}, [(TWO, 4, "parameter", "f32[16]", "{0}", 64, 1)]),
        ({"opcode": "tuple"}, []),
    ],
    "calls": [
        ({"graph": TWO}, [(6, "reduce", "f32[]", 1, 0, None, None, 2, "add")]),
        ({"graph": TWO, "opcode": "tuple"}, []),
    ],
    "chain_matches": [
        (
            {"opcodes": ["convolution", "add", "maximum"]},
            [(RELAID, [2, 3, 4], [SMALL] * 3, 384), (RELAID, [2, 3, 5], [SMALL] * 3, 384)],
        ),
        (
            {"opcodes": ["parameter", "copy", "convolution", "add", "maximum", "copy"]},
            [(RELAID, [0, 1, 2, 3, 4, 6], [SMALL] * 6, 768)],
        ),
        ({"opcodes": ["parameter"], "graph": DIAMOND}, [(DIAMOND, [0], [SMALL], 128)]),
        ({"opcodes": ["reduce", "tuple"]}, [(TWO, [6, 7], ["f32[]", None], 4)]),
        ({"opcodes": ["convolution", "add", "tanh"]}, []),
        ({"opcodes": ["add", "reduce"]}, []),
    ],
    "choice_slowdowns": [
        (
            {"graph": DIAMOND},
            [
                (1, "convolution", "{0,1} - -", 1, 1.0, 1.0, 1.0),
                (1, "convolution", "{1,0} - -", 3, 2.0, 3.0, 3.0),
                (2, "dot", "- {1,0} -", 1, 2.0, 2.0, 2.0),
                (2, "dot", "- {0,1} -", 3, 1.0, 3.0, 3.0),
            ],
        ),
        (
            {"graph": RELAID, "op": 2},
            [(2, "convolution", "{1,0} - -", 2, 1.0, 1.0, 1.5), (2, "convolution", "{0,1} - -", 1, 2.0, 2.0, 2.0)],
        ),
        ({"graph": TWO}, []),
    ],
    "computations": [
        (
            {"graph": TWO},
            [
                (0, None, None, 4, 1, 0, 16, 2, "add", "f32[]", 1, 0),
                (1, None, None, 4, 2, 0, 72, 7, "tuple", None, 0, 1),
            ],
        ),
        ({"graph": DIAMOND}, [(0, None, None, 4, 2, 2, 1412, 3, "add", "f32[]", 0, 0)]),
    ],
    "config_differences": [
        (
            {"graph": DIAMOND},
            [(1, "convolution", "bf16[4,8,16]", "{0,1} - -", "{1,0} - -", 1, 3, 10, 30)],
        ),
        (
            {"graph": DIAMOND, "first": 0, "second": 2},
            [(2, "dot", "f32[4,16]", "- {0,1} -", "- {1,0} -", 0, 2, 30, 20)],
        ),
        ({"graph": DIAMOND, "first": 0, "second": 3}, []),
        ({"graph": DIAMOND, "first": 99}, []),
    ],
    "config_ranking": [
        (
            {"graph": DIAMOND},
            [
                (1, 0, 1.0, 10, None, 1, 1),
                (2, 1, 2.0, 20, None, 2, 1),
                (0, 2, 3.0, 30, None, 0, 2),
                (3, 2, 3.0, 30, None, 0, 2),
            ],
        ),
        ({"graph": TWO, "top": 2}, [(1, 0, 1.0, 9, 3, 1, 2), (2, 0, 1.0, 12, 4, 1, 2)]),
        ({"graph": CHAIN}, []),
    ],
    "configurable_ops": [
        (
            {"graph": DIAMOND},
            [
                (1, "convolution", "bf16[4,8,16]", "{2,1,0}", 2, "{0,1} - -", "{1,0} - -", True),
                (2, "dot", "f32[4,16]", "{0,1}", 2, "- {0,1} -", "- {0,1} -", False),
            ],
        ),
        ({"graph": TWO}, []),
    ],
    "critical_ops": [
        (
            {"graph": DIAMOND},
            [
                (3, "add", "f32[]", 8.0, 4.0, 2, "dot", 4.0),
                (2, "dot", "f32[4,16]", 4.0, 3.0, 0, "parameter", 1.0),
                (1, "convolution", "bf16[4,8,16]", 3.0, 2.0, 0, "parameter", 1.0),
                (0, "parameter", SMALL, 1.0, 1.0, None, None, None),
            ],
        ),
        (
            {"graph": TWO, "top": 2},
            [(7, "tuple", None, 4.0, 1.0, 6, "reduce", 3.0), (6, "reduce", "f32[]", 3.0, 1.0, 2, "add", 2.0)],
        ),
        ({"graph": CHAIN}, []),
    ],
    "dearest_opcodes": [
        (
            {"graph": DIAMOND},
            [
                ("add", 1, 4.0, 0.4, 4.0, 4.0),
                ("dot", 1, 3.0, 0.3, 3.0, 3.0),
                ("convolution", 1, 2.0, 0.2, 2.0, 2.0),
                ("parameter", 1, 1.0, 0.1, 1.0, 1.0),
            ],
        ),
        (
            {},
            [
                ("add", 2, 5.0, 5 / 18, 2.5, 4.0),
                ("parameter", 4, 4.0, 4 / 18, 1.0, 1.0),
                ("dot", 1, 3.0, 3 / 18, 3.0, 3.0),
                ("convolution", 1, 2.0, 2 / 18, 2.0, 2.0),
                ("constant", 1, 1.0, 1 / 18, 1.0, 1.0),
                ("negate", 1, 1.0, 1 / 18, 1.0, 1.0),
                ("reduce", 1, 1.0, 1 / 18, 1.0, 1.0),
                ("tuple", 1, 1.0, 1 / 18, 1.0, 1.0),
            ],
        ),
        ({"graph": CHAIN}, []),
    ],
    "dearest_ops": [
        (
            {"top": 2},
            [(DIAMOND, 3, "add", "f32[]", 4.0, 0.4, 3, 4), (DIAMOND, 2, "dot", "f32[4,16]", 3.0, 0.3, 2, 256)],
        ),
        ({"graph": TWO, "opcode": "add"}, [(TWO, 2, "add", "f32[]", 1.0, 0.125, 0, 4)]),
        ({"graph": CHAIN}, []),
    ],
    "graphs_overview": [
        (
            {},
            [
                ("layout:test:default", "train", 2, 11, 7, 10, 1, 3, 2, 3),
                ("layout:test:default", "valid", 1, 4, 4, 4, 2, 4, 3, 4),
                ("tile:test", "train", 1, 8, 8, 7, 0, 3, 2, 3),
            ],
        ),
    ],
    "hubs": [
        (
            {"top": 3},
            [
                (RELAID, 0, "parameter", SMALL, 2, 0, 128),
                (RELAID, 3, "add", SMALL, 2, 2, 128),
                (DIAMOND, 0, "parameter", SMALL, 2, 0, 128),
            ],
        ),
        (
            {"graph": TWO, "by": "fan_in", "top": 3},
            [
                (TWO, 2, "add", "f32[]", 0, 2, 4),
                (TWO, 6, "reduce", "f32[]", 1, 2, 4),
                (TWO, 3, "negate", "f32[]", 0, 1, 4),
            ],
        ),
    ],
    "layout_changes": [
        (
            {},
            [
                (RELAID, 0, "parameter", 1, "copy", [4, 8], "{1,0}", "{0,1}", 128),
                (RELAID, 2, "convolution", 3, "add", [4, 8], "{0,1}", "{1,0}", 128),
            ],
        ),
        ({"producer": 2}, [(RELAID, 2, "convolution", 3, "add", [4, 8], "{0,1}", "{1,0}", 128)]),
        ({"graph": RELAID, "consumer": 1}, [(RELAID, 0, "parameter", 1, "copy", [4, 8], "{1,0}", "{0,1}", 128)]),
        ({"graph": DIAMOND}, []),
    ],
    "levels": [
        ({"graph": DIAMOND}, [(0, 1, 0, 128), (1, 2, 2, 1280), (2, 1, 0, 4)]),
        ({"graph": TWO, "computation": 0}, [(0, 2, 0, 8), (1, 2, 0, 8)]),
        ({"graph": TWO}, [(0, 4, 0, 76), (1, 3, 0, 12), (2, 1, 0, 0)]),
    ],
    "neighbourhood": [
        (
            {"graph": TWO, "op": 2, "hops": 1},
            [
                (0, 2, "add", "f32[]", "{}", 0, 4),
                (1, 0, "parameter", "f32[]", "{}", 0, 4),
                (1, 1, "parameter", "f32[]", "{}", 0, 4),
                (1, 6, "reduce", "f32[]", "{}", 1, 4),
            ],
        ),
        (
            {"graph": TWO, "op": 2, "hops": 6, "direction": "out"},
            [
                (0, 2, "add", "f32[]", "{}", 0, 4),
                (1, 6, "reduce", "f32[]", "{}", 1, 4),
                (2, 7, "tuple", None, None, 1, None),
            ],
        ),
        (
            {"graph": RELAID, "op": 1, "direction": "in"},
            [(0, 1, "copy", SMALL, "{0,1}", 0, 128), (1, 0, "parameter", SMALL, "{1,0}", 0, 128)],
        ),
        ({"graph": CHAIN, "op": 3, "hops": 0}, [(0, 3, "copy", "f32[8,128]", "{1,0}", 0, 4096)]),
        ({"graph": CHAIN, "op": 4}, []),
    ],
    "neighbourhood_statistics": [
        (
            {"graph": TWO, "op": 2, "hops": 2},
            [
                (0, 1, 0, 4, 1, ["add"], [1]),
                (1, 3, 0, 12, 2, ["parameter", "reduce"], [2, 1]),
                (2, 4, 0, 72, 4, ["constant", "negate", "parameter", "tuple"], [1, 1, 1, 1]),
            ],
        ),
        (
            {"graph": DIAMOND, "op": 3, "direction": "in"},
            [
                (0, 1, 0, 4, 1, ["add"], [1]),
                (1, 2, 2, 1280, 2, ["convolution", "dot"], [1, 1]),
                (2, 1, 0, 128, 1, ["parameter"], [1]),
            ],
        ),
    ],
    "opcode_chains": [
        ({"graph": DIAMOND}, [("parameter", "convolution", "add", 1, 1), ("parameter", "dot", "add", 1, 1)]),
        (
            {"first": "parameter", "top": 4},
            [
                ("parameter", "add", "maximum", 2, 1),
                ("parameter", "convolution", "add", 1, 1),
                ("parameter", "copy", "convolution", 1, 1),
                ("parameter", "dot", "add", 1, 1),
            ],
        ),
    ],
    "opcode_histogram": [
        (
            {"graph": TWO},
            [
                ("parameter", 3, 3 / 8, 0, 72, 72 / 88),
                ("add", 1, 1 / 8, 0, 4, 4 / 88),
                ("constant", 1, 1 / 8, 0, 4, 4 / 88),
                ("negate", 1, 1 / 8, 0, 4, 4 / 88),
                ("reduce", 1, 1 / 8, 0, 4, 4 / 88),
                ("tuple", 1, 1 / 8, 0, 0, 0.0),
            ],
        ),
        (
            {"graph": DIAMOND},
            [
                ("add", 1, 0.25, 0, 4, 4 / 1412),
                ("convolution", 1, 0.25, 1, 1024, 1024 / 1412),
                ("dot", 1, 0.25, 1, 256, 256 / 1412),
                ("parameter", 1, 0.25, 0, 128, 128 / 1412),
            ],
        ),
    ],
    "opcode_layouts": [
        (
            {"opcode": "parameter"},
            [
                ("parameter", "{1,0}", 3, 3 / 6, 4352),
                ("parameter", "{}", 2, 2 / 6, 8),
                ("parameter", "{0}", 1, 1 / 6, 64),
            ],
        ),
        (
            {"graph": RELAID, "opcode": "copy"},
            [("copy", "{0,1}", 1, 0.5, 128), ("copy", "{1,0}", 1, 0.5, 128)],
        ),
    ],
    "opcode_shapes": [
        (
            {"opcode": "parameter"},
            [
                ("parameter", "f32[4,8]", 2, 2, 128, 256),
                ("parameter", "f32[]", 2, 1, 4, 8),
                ("parameter", "f32[16]", 1, 1, 64, 64),
                ("parameter", "f32[8,128]", 1, 1, 4096, 4096),
            ],
        ),
        ({"graph": RELAID, "top": 1}, [("copy", SMALL, 2, 1, 128, 256)]),
    ],
    "repeats": [
        ({}, [(RELAID, 0, 2, 2, 1.0, 1.5, 1.5), (DIAMOND, 0, 2, 2, 3.0, 3.0, 1.0), (TWO, 1, 2, 2, 1.0, 1.0, 1.0)]),
        ({"graph": CHAIN}, []),
    ],
    "shortest_way": [
        (
            {"graph": TWO, "source": 0, "target": 7},
            [
                (0, None, 0, "parameter", "f32[]", "{}", None, 0),
                (1, "FEEDS", 2, "add", "f32[]", "{}", False, 0),
                (2, "CALLED_BY", 6, "reduce", "f32[]", "{}", False, 1),
                (3, "FEEDS", 7, "tuple", None, None, None, 1),
            ],
        ),
        (
            {"graph": DIAMOND, "source": 0, "target": 3},
            [
                (0, None, 0, "parameter", SMALL, "{1,0}", None, 0),
                (1, "FEEDS", 1, "convolution", "bf16[4,8,16]", "{2,1,0}", False, 0),
                (2, "FEEDS", 3, "add", "f32[]", "{}", False, 0),
            ],
        ),
        (
            {"graph": RELAID, "source": 0, "target": 2},
            [
                (0, None, 0, "parameter", SMALL, "{1,0}", None, 0),
                (1, "FEEDS", 1, "copy", SMALL, "{0,1}", True, 0),
                (2, "FEEDS", 2, "convolution", SMALL, "{0,1}", False, 0),
            ],
        ),
        ({"graph": CHAIN, "source": 3, "target": 0}, []),
        ({"graph": CHAIN, "source": 2, "target": 2}, []),
    ],
    "tile_configs": [
        (
            {"graph": TWO},
            [
                (1, 0, 1.0, 3.0, 9, [16, 64, 0, 0, 0, 0], [0] * 6, [0] * 6),
                (2, 0, 1.0, 3.0, 12, [16, 64, 0, 0, 0, 0], [0] * 6, [0] * 6),
                (0, 1, 5 / 3, 5.0, 10, [8, 128, 0, 0, 0, 0], [0] * 6, [0] * 6),
            ],
        ),
        ({"graph": DIAMOND}, []),
    ],
}
