"""What the engines are told of the schema: constraints, indexes, types, new nodes."""

from __future__ import annotations

from collections.abc import Iterable

from tpugraph_db.schema import LABELS, RELATIONSHIPS, Label, Property, Type


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

    Edge types without properties are LIGHTWEIGHT: no record of their own, half the load and read time.
    """
    statements = []
    for label in LABELS:
        statements.append(f"CREATE VERTEX TYPE {label.name} IF NOT EXISTS")
        statements += _arcadedb_properties(label.name, label.properties)
    for r in RELATIONSHIPS:
        statements.append(f"CREATE EDGE TYPE `{r.type}` IF NOT EXISTS{'' if r.properties else ' LIGHTWEIGHT'}")
        statements += _arcadedb_properties(f"`{r.type}`", r.properties)
    for label in LABELS:
        for p in label.properties:
            if p.key:
                kind = "UNIQUE" if p.key == "unique" else "NOTUNIQUE"
                statements.append(f"CREATE INDEX IF NOT EXISTS ON {label.name} (`{p.name}`) {kind}")
    return statements


def _arcadedb_properties(owner: str, properties: tuple[Property, ...]) -> list[str]:
    return [f"CREATE PROPERTY {owner}.`{p.name}` IF NOT EXISTS {_ARCADEDB_TYPES[p.type]}" for p in properties]


def create_nodes(label: Label, names: Iterable[str]) -> str:
    """Ingest Cypher: a node for each row of the lists in ``$columns`` (one a property), rows ``0..$rows - 1``."""
    return f"UNWIND range(0, $rows - 1) AS i CREATE (n:{label.name} {{{assignments(label, names)}}})"


def assignments(label: Label, names: Iterable[str]) -> str:
    """What stands between the braces of a new node: row ``i`` of the lists in ``$columns``, for some properties."""
    given = set(names)
    return ", ".join(f"{name}: $columns.{name}[i]" for name in label.property_names() if name in given)
