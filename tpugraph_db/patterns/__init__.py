"""The pattern language of ``tpudb match``: text -> tokens -> syntax tree -> forms -> Cypher. See docs/patterns.md."""
