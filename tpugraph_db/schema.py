"""The graph database's schema, as data: labels, relationships, properties, units and descriptions.

Everything that depends on it is derived: constraints and indexes of both engines, ingest
(:mod:`tpugraph_db.stores.statements`), ``tpudb schema``, docs/schema.md. What is hidden, unknown or not measured is an
absent property, never a 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SCHEMA_VERSION = 5
"""Raised with every change; a store of an older one is refused, or brought up to date by the next load."""

READABLE_VERSIONS = (1, 2, 3, 4, 5)
"""Schemas that this program reads as they are.

1 lacks Load, 2 what HLO says, 3 what a prediction was learned from, 4 its scores and what ``bytes`` and ``ridge``
write: no reader needs them.
"""

Type = Literal["string", "int", "float", "bool", "list<int>", "list<string>"]
Key = Literal["unique", "index"]


@dataclass(frozen=True)
class Property:
    """One property of a label."""

    name: str
    type: Type
    description: str
    unit: str = ""
    key: Key | None = None
    """``unique``: a uniqueness constraint; ``index``: a plain index."""
    model: str = ""
    """Which model writes it; none of what loading writes."""


@dataclass(frozen=True)
class Label:
    """One kind of node."""

    name: str
    description: str
    properties: tuple[Property, ...]

    @property
    def key(self) -> Property:
        """The property that names a node."""
        return next(p for p in self.properties if p.key == "unique")

    def property_names(self) -> tuple[str, ...]:
        """In the order of the table."""
        return tuple(p.name for p in self.properties)


@dataclass(frozen=True)
class Relationship:
    """One kind of edge. An engine may keep one that has no properties without a record of its own."""

    type: str
    source: str
    target: str
    description: str
    properties: tuple[Property, ...] = ()


GRAPH = Label(
    "Graph",
    "One program: a whole HLO module (layout and hlo collections) or a fused kernel (tile collections).",
    (
        Property("id", "string", "`<collection>/<split>/<name>`", key="unique"),
        Property("name", "string", "the file's name less its suffix"),
        Property("collection", "string", "`layout:<source>:<search>`, `tile:<source>` or `hlo:<source>`", key="index"),
        Property("split", "string", "`train`, `valid`, `test` or `none`"),
        Property("sha256", "string", "of the source file's bytes"),
        Property("payload", "string", "file in the payload folder: features, configurations and runtimes", key="index"),
        Property("ops", "int", "how many ops"),
        Property("edges", "int", "how many FEEDS and CALLED_BY"),
        Property("configurable_ops", "int", "how many ops a configuration sets; 0 for tiles"),
        Property("configs", "int", "how many configurations the file holds"),
        Property("distinct_configs", "int", "how many of them differ in their rows"),
        Property("measured", "int", "how many of them have a runtime"),
        Property("best_ns", "int", "runtime of the configuration that ranks first", "ns"),
        Property("median_ns", "int", "runtime of the configuration in the (lower) middle of the order", "ns"),
        Property("worst_ns", "int", "runtime of the configuration that ranks last", "ns"),
        Property("failed_runs", "int", "measured runs that ended in an error; absent where the source has no runs"),
        Property("repeat_tau", "float", "Kendall's tau-b between the runtimes and those of a second, independent run"),
        Property("module", "string", "HLO: name of the module"),
        Property("stage", "string", "HLO: `before_optimizations`, `after_optimizations`, ...; absent where not said"),
        Property("computations", "int", "how many computations"),
        Property("loaded_at", "string", "when, UTC, ISO 8601"),
    ),
)

OP = Label(
    "Op",
    "One HLO instruction.",
    (
        Property("uid", "string", "`<graph id>#<index>`", key="unique"),
        Property("graph", "string", "the graph's id", key="index"),
        Property("index", "int", "row in the file, from 0; producers come before consumers"),
        Property("opcode", "string", "HLO opcode", key="index"),
        Property("name", "string", "HLO: its name, unique in the graph, without `%`", key="index"),
        Property("shape", "string", "output as HLO prints it: `f32[8,128]`; tuples `(f32[8], s32[])` where HLO says"),
        Property("dtype", "string", "element type: `f32`, `bf16`, `tuple`, ..."),
        Property("dims", "list<int>", "sizes of the output's dimensions, dimension 0 first; a dynamic one's bound"),
        Property("elements", "int", "elements of the output; of a tuple all of its parts"),
        Property("bytes", "int", "size of the output, without padding; of a tuple all of its parts", "bytes"),
        Property("layout", "string", "minor-to-major as HLO prints it: `{1,0}`"),
        Property("attributes", "string", "HLO: what follows the operands, up to 4,000 characters: `dimensions={0}`"),
        Property("op_name", "string", "HLO metadata: the framework's name of it: `jit(f)/dot_general`"),
        Property("source_file", "string", "HLO metadata: the file that it comes from"),
        Property("source_line", "int", "HLO metadata: the line there, from 1"),
        Property("is_root", "bool", "the result of its computation"),
        Property("computation", "int", "number of its computation in the graph, from 0 in file order"),
        Property("operands", "list<int>", "producer's index of each operand in order; absent for npz, which lost it"),
        Property("is_configurable", "bool", "a layout configuration sets it"),
        Property("slot", "int", "its place among the configurable ops"),
        Property(
            "choices", "list<string>", "its distinct layouts, `output input kernel`, `-` where the compiler is free"
        ),
        Property("fan_in", "int", "how many ops FEED it"),
        Property("fan_out", "int", "how many ops it FEEDS"),
        Property("depth", "int", "FEEDS on the longest way to it from an op that nothing feeds"),
        Property("cost", "float", "model `cost`: weighted sum of its 140 features; no unit", model="cost"),
        Property("cost_share", "float", "model `cost`: share of the graph's total cost", model="cost"),
        Property("cost_rank", "int", "model `cost`: dense rank, 0 = cheapest, ties share one", model="cost"),
        Property(
            "cost_finish",
            "float",
            "model `cost`: dearest way from any source to its end, its own cost included",
            model="cost",
        ),
        Property("measured_ns", "int", "profiled duration of the op", "ns"),
    ),
)

COMPUTATION = Label(
    "Computation",
    "One HLO computation. Graphs from npz have none: their op property `computation` is all that is known.",
    (
        Property("uid", "string", "`<graph id>/computation/<index>`", key="unique"),
        Property("graph", "string", "the graph's id", key="index"),
        Property("index", "int", "its number in the graph, from 0 in file order: an op's property `computation`"),
        Property("name", "string", "its name, without `%`"),
        Property(
            "kind",
            "string",
            "by its first caller: `entry`, `fusion`, `while_body`, `while_condition`, `branch`, `call`, `map`, "
            "`reducer`, `comparator`, `async`, `custom`, `other`; `unused` where nothing calls it",
        ),
        Property("ops", "int", "how many ops are in it"),
        Property("root", "int", "index of the op that is its result"),
    ),
)

CONFIG = Label(
    "Config",
    "One compiler configuration of a graph. Only some are nodes (`tpudb load --configs`); all are in the payload.",
    (
        Property("uid", "string", "`<graph id>/config/<index>`", key="unique"),
        Property("graph", "string", "the graph's id", key="index"),
        Property("index", "int", "its number in the file, from 0"),
        Property("same_as", "int", "number of the first configuration with the same rows; its own if it is the first"),
        Property("times_measured", "int", "how many measured configurations of the graph have these rows"),
        Property("codes", "list<int>", "layout: op `o`'s choice is `o.choices[c.codes[o.slot]]`"),
        Property("kernel_bounds", "list<int>", "tile: tile size of the convolution kernel"),
        Property("output_bounds", "list<int>", "tile: tile size of the output"),
        Property("input_bounds", "list<int>", "tile: tile size of the input; 0 where the compiler infers it"),
        Property("runtime_ns", "int", "measured runtime", "ns"),
        Property("repeat_runtime_ns", "int", "the same measured again, in an independent run", "ns"),
        Property("normalizer_ns", "int", "tile: what the runtime is divided by", "ns"),
        Property("slowdown", "float", "what ranks, over the best of the graph; >= 1"),
        Property("rank", "int", "dense, 0 = fastest, ties share one; among all configurations of the file"),
        Property("is_default", "bool", "the compiler's own choice; absent for npz, which does not say"),
        Property(
            "bytes_score",
            "float",
            "model `bytes`: output bytes of the ops whose layout is not the default; tile: how many tiles",
            model="bytes",
        ),
        Property("bytes_rank", "int", "model `bytes`: dense rank, 0 = fewest, ties share one", model="bytes"),
        Property(
            "ridge_score",
            "float",
            "model `ridge`: expected log of what ranks, learned from the configurations `shown` of its Prediction",
            model="ridge",
        ),
        Property("ridge_rank", "int", "model `ridge`: dense rank, 0 = fastest, ties share one", model="ridge"),
    ),
)

PREDICTION = Label(
    "Prediction",
    "What a model has written onto a graph's nodes. A checkpoint called `gcn` writes `gcn_score` and `gcn_rank` on "
    "Config, `gcn_share` and `gcn_rank` on Op (of gbdt and sage, Config alone); corrected by measured configurations "
    "it is `gcn_fewshot`. Lower is faster, ranks are dense from 0.",
    (
        Property("id", "string", "`<graph id>/prediction/<model>`", key="unique"),
        Property("graph", "string", "the graph's id", key="index"),
        Property("model", "string", "name of the model"),
        Property("version", "string", "version of the model; of a checkpoint the sha256 of its weights or trees"),
        Property("made_at", "string", "when, UTC, ISO 8601"),
        Property("properties", "list<string>", "what it wrote, as `Op.cost`"),
        Property("nodes", "int", "how many nodes it wrote on; absent while that is under way"),
        Property("ops", "int", "how many ops it was asked about, which alone it wrote on; absent where it was all"),
        Property("scores", "string", "file in the payload folder: every configuration's score and rank", key="index"),
        Property("data", "string", "fingerprint of the graphs that it learned from; absent where it learned from none"),
        Property(
            "shown",
            "list<int>",
            "numbers of the graph's own configurations that it learned from, whose ranks are no predictions; absent "
            "where it learned from none",
        ),
        Property("quality", "float", "how good it was where that is known; see `quality_metric`"),
        Property("quality_metric", "string", "what `quality` is"),
    ),
)

STORE = Label(
    "Store",
    "One node that says which schema this store has.",
    (
        Property("id", "string", "random; names the store's payload folder", key="unique"),
        Property("schema_version", "int", "the schema it was written with"),
        Property("created_at", "string", "when, UTC, ISO 8601"),
    ),
)

LOAD = Label(
    "Load",
    "A graph on its way in or out (some of its nodes may be there), or a prediction of it. Gone when that has ended.",
    (
        Property("id", "string", "the graph's id", key="unique"),
        Property("owner", "string", "who is at it: machine, process, and a random part"),
        Property("heartbeat", "int", "when its owner last wrote, by the store's clock", "ms"),
        Property("dirty", "bool", "some of the graph's nodes may be there, and some not"),
        Property("step", "int", "how many transactions of it are done"),
        Property("payloads", "list<string>", "files that the graph or its predictions refer to, did, or will"),
    ),
)

LABELS = (GRAPH, OP, COMPUTATION, CONFIG, PREDICTION, STORE, LOAD)

PARTS = (COMPUTATION, OP, CONFIG, PREDICTION)
"""Labels of what belongs to a graph, and says so in its property ``graph``."""

RELATIONSHIPS = (
    Relationship("FEEDS", "Op", "Op", "producer -> consumer, the way data flows; one for each pair"),
    Relationship("CALLED_BY", "Op", "Op", "root of a called computation -> the op that calls it"),
    Relationship("IN", "Op", "Computation", "op -> the computation that it is in"),
    Relationship(
        "CALLS",
        "Op",
        "Computation",
        "op -> a computation that it calls; one for each pair and kind",
        (Property("kind", "string", "under which attribute: `calls`, `to_apply`, `body`, `condition`, ..."),),
    ),
    Relationship("OF", "Config", "Graph", "configuration -> its graph"),
    Relationship("FOR", "Prediction", "Graph", "prediction -> its graph"),
)
