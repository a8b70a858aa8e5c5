"""The graph database's schema, as data: labels, relationships, properties, units and descriptions.

Everything that depends on it is derived: constraints and indexes of both engines, ingest, ``tpudb schema``,
docs/schema.md. What is hidden, unknown or not measured is an absent property, never a 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SCHEMA_VERSION = 2
"""Raised with every change; a store of an older one is refused, or brought up to date by the next load."""

READABLE_VERSIONS = (1, 2)
"""Schemas that this program reads as they are: 1 lacks Load, which no reader asks for."""

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
    """One kind of edge. None has properties: an engine may then keep it without a record of its own."""

    type: str
    source: str
    target: str
    description: str


GRAPH = Label(
    "Graph",
    "One program: a whole HLO module (layout collections) or a fused kernel (tile collections).",
    (
        Property("id", "string", "`<collection>/<split>/<name>`", key="unique"),
        Property("name", "string", "the file's name less its suffix"),
        Property("collection", "string", "`layout:<source>:<search>` or `tile:<source>`", key="index"),
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
        Property("shape", "string", "output as HLO prints it: `f32[8,128]`"),
        Property("dtype", "string", "element type: `f32`, `bf16`, `tuple`, ..."),
        Property("dims", "list<int>", "sizes of the output's dimensions, dimension 0 first"),
        Property("elements", "int", "elements of the output"),
        Property("bytes", "int", "size of the output, without padding", "bytes"),
        Property("layout", "string", "minor-to-major as HLO prints it: `{1,0}`"),
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
        Property("cost", "float", "model `cost`: weighted sum of its 140 features; no unit"),
        Property("cost_share", "float", "model `cost`: share of the graph's total cost"),
        Property("cost_rank", "int", "model `cost`: dense rank, 0 = cheapest, ties share one"),
        Property("cost_finish", "float", "model `cost`: dearest way from any source to its end, its own cost included"),
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
        Property("normalizer_ns", "int", "tile: what the runtime is divided by", "ns"),
        Property("slowdown", "float", "what ranks, over the best of the graph; >= 1"),
        Property("rank", "int", "dense, 0 = fastest, ties share one; among all configurations of the file"),
        Property("is_default", "bool", "the compiler's own choice; absent for npz, which does not say"),
    ),
)

PREDICTION = Label(
    "Prediction",
    "What a model has written onto a graph's nodes.",
    (
        Property("id", "string", "`<graph id>/prediction/<model>`", key="unique"),
        Property("graph", "string", "the graph's id", key="index"),
        Property("model", "string", "name of the model"),
        Property("version", "string", "version of the model"),
        Property("made_at", "string", "when, UTC, ISO 8601"),
        Property("properties", "list<string>", "what it wrote, as `Op.cost`"),
        Property("nodes", "int", "how many nodes it wrote on; absent while that is under way"),
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
    "A graph on its way in or out: some of its nodes may be there. Gone when that has ended.",
    (
        Property("id", "string", "the graph's id", key="unique"),
        Property("owner", "string", "who is at it: machine, process, and a random part"),
        Property("heartbeat", "int", "when its owner last wrote, by the store's clock", "ms"),
        Property("dirty", "bool", "some of the graph's nodes may be there, and some not"),
        Property("step", "int", "how many transactions of it are done"),
        Property("payloads", "list<string>", "files that the graph refers to, or will"),
    ),
)

LABELS = (GRAPH, OP, CONFIG, PREDICTION, STORE, LOAD)

PARTS = (OP, CONFIG, PREDICTION)
"""Labels of what belongs to a graph, and says so in its property ``graph``."""

RELATIONSHIPS = (
    Relationship("FEEDS", "Op", "Op", "producer -> consumer, the way data flows; one for each pair"),
    Relationship("CALLED_BY", "Op", "Op", "root of a called computation -> the op that calls it"),
    Relationship("OF", "Config", "Graph", "configuration -> its graph"),
    Relationship("FOR", "Prediction", "Graph", "prediction -> its graph"),
)


def neo4j_statements() -> list[str]:
    """Constraints and indexes for Neo4j; each may run again."""
    statements = []
    for label in LABELS:
        for p in label.properties:
            name = f"{label.name.lower()}_{p.name}"
            if p.key == "unique":
                need = f"REQUIRE n.{p.name} IS UNIQUE"
                statements.append(f"CREATE CONSTRAINT {name} IF NOT EXISTS FOR (n:{label.name}) {need}")
            elif p.key == "index":
                statements.append(f"CREATE INDEX {name} IF NOT EXISTS FOR (n:{label.name}) ON (n.{p.name})")
    return statements


_ARCADEDB_TYPES: dict[Type, str] = {
    "string": "STRING",
    "int": "LONG",
    "float": "DOUBLE",
    "bool": "BOOLEAN",
    "list<int>": "LIST OF LONG",
    "list<string>": "LIST OF STRING",
}


def arcadedb_statements() -> list[str]:
    """Types, properties and indexes for ArcadeDB (SQL); each may run again.

    Edge types are LIGHTWEIGHT: no record of their own, half the load and read time.
    """
    statements = []
    for label in LABELS:
        statements.append(f"CREATE VERTEX TYPE {label.name} IF NOT EXISTS")
        for p in label.properties:
            kind = _ARCADEDB_TYPES[p.type]
            statements.append(f"CREATE PROPERTY {label.name}.`{p.name}` IF NOT EXISTS {kind}")
    statements += [f"CREATE EDGE TYPE `{r.type}` IF NOT EXISTS LIGHTWEIGHT" for r in RELATIONSHIPS]
    for label in LABELS:
        for p in label.properties:
            if p.key:
                kind = "UNIQUE" if p.key == "unique" else "NOTUNIQUE"
                statements.append(f"CREATE INDEX IF NOT EXISTS ON {label.name} (`{p.name}`) {kind}")
    return statements


def create_nodes(label: Label) -> str:
    """Ingest Cypher: a node for each row of the lists in ``$columns`` (one a property), rows ``0..$rows - 1``."""
    return f"UNWIND range(0, $rows - 1) AS i CREATE (n:{label.name} {{{assignments(label)}}})"


def assignments(label: Label) -> str:
    """What stands between the braces of a new node: row ``i`` of the lists in ``$columns``."""
    return ", ".join(f"{name}: $columns.{name}[i]" for name in label.property_names())
