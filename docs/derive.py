"""Write the documents that derive from code: ``python -m docs.derive`` (``make docs``); a test holds them to it."""

from __future__ import annotations

from pathlib import Path

from tpugraph_db import schema
from tpugraph_db.cypher.library import all_queries

HERE = Path(__file__).parent


def schema_page() -> str:
    """docs/schema.md."""
    lines = [
        "# Schema",
        "",
        f"Version {schema.SCHEMA_VERSION}.",
        "",
        "Derived from `tpugraph_db/schema.py` by `make docs`; `tpudb schema` prints it.",
        "",
        "What is hidden, unknown or not measured is an absent property (null in Cypher), never a 0.",
        "",
    ]
    for label in schema.LABELS:
        lines += [f"## (:{label.name})", "", label.description, "", "| property | type | unit | description |"]
        lines += ["|---|---|---|---|"]
        lines += [f"| `{p.name}`{_key(p)} | {p.type} | {p.unit} | {p.description} |" for p in label.properties]
        lines += [""]
    lines += ["## Relationships", "", "| pattern | meaning | properties |", "|---|---|---|"]
    lines += [
        f"| `(:{r.source})-[:{r.type}]->(:{r.target})` | {r.description} | {'; '.join(map(_described, r.properties))} |"
        for r in schema.RELATIONSHIPS
    ]
    return "\n".join(lines) + "\n"


def queries_page() -> str:
    """docs/queries.md."""
    lines = [
        "# Named queries",
        "",
        "Derived from the headers in `cypher/` by `make docs`; `tpudb queries` lists them.",
        'Run one with `tpudb query -n NAME -p parameter=value` or `db.run("NAME", parameter=value)`.',
        "",
    ]
    for query in all_queries():
        lines += [f"## {query.name}", "", query.what, ""]
        if query.parameters:
            lines += ["| parameter | description |", "|---|---|"]
            lines += [f"| `{p}` | {p.description} |" for p in query.parameters]
            lines += [""]
        lines += ["| column | unit | description |", "|---|---|---|"]
        lines += [f"| `{c.name}` | {c.unit} | {c.description} |" for c in query.columns]
        lines += ["", "```cypher", query.text.strip(), "```", ""]
    return "\n".join(lines)


PAGES = {"schema.md": schema_page, "queries.md": queries_page}


def _described(p: schema.Property) -> str:
    return f"`{p.name}` ({p.type}): {p.description}"


def _key(p: schema.Property) -> str:
    return {"unique": " (unique)", "index": " (indexed)"}.get(p.key or "", "")


def main() -> None:
    """Write every page."""
    for name, page in PAGES.items():
        (HERE / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
