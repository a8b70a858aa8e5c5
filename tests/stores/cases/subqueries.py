"""Subqueries, OPTIONAL MATCH and aggregation."""

from tests.stores.cases.case import CHAIN, DIAMOND, Case

SUBQUERIES = [
    Case(
        "EXISTS",
        "MATCH (o:Op {graph: $g}) WHERE EXISTS { (o)-[:FEEDS]->(:Op {opcode: 'add'}) } RETURN o.opcode",
        "o.opcode",
        [("convolution",), ("dot",)],
        {"g": DIAMOND},
    ),
    Case(
        "NOT EXISTS with a condition",
        "MATCH (p:Person) WHERE NOT EXISTS { MATCH (p)-[r:KNOWS]->() WHERE r.since > 2005 } RETURN p.name",
        "p.name",
        [("Bob",), ("Dee",)],
    ),
    Case(
        "COUNT as a value",
        "MATCH (p:Person) RETURN p.name AS name, COUNT { (p)-[:KNOWS]->() } AS friends ORDER BY name",
        "name|friends",
        [("Ada", 2), ("Bob", 1), ("Cy", 1), ("Dee", 0)],
        ordered=True,
    ),
    Case(
        "COUNT as a condition",
        "MATCH (p:Person) WHERE COUNT { (p)--() } > 3 RETURN p.name",
        "p.name",
        [("Ada",), ("Cy",)],
    ),
    Case(
        "COLLECT",
        "MATCH (c:City) RETURN c.name AS city, COLLECT { MATCH (p)-[:LIVES_IN]->(c) RETURN p.name "
        "ORDER BY p.name } AS names",
        "city|names",
        [("Oslo", ["Ada", "Bob"]), ("Rome", ["Cy"])],
    ),
    Case(
        "CALL with variables handed in",
        "MATCH (g:Graph) CALL (g) { MATCH (o:Op {graph: g.id}) RETURN max(o.fan_out) AS widest } RETURN g.name, widest",
        "g.name|widest",
        [("chain", 1), ("diamond", 2), ("two", 2)],
    ),
    Case(
        "CALL that imports by WITH",
        "UNWIND [1, 2] AS x CALL { WITH x RETURN x * 10 AS y } RETURN x, y",
        "x|y",
        [(1, 10), (2, 20)],
    ),
    Case(
        "CALL of a UNION",
        "CALL { MATCH (c:City) RETURN c.name AS name UNION MATCH (b:Boss) RETURN b.name AS name } RETURN name",
        "name",
        [("Cy",), ("Oslo",), ("Rome",)],
    ),
    Case(
        "a limit within each row",
        "MATCH (c:City) CALL (c) { MATCH (p)-[:LIVES_IN]->(c) RETURN p.name AS first ORDER BY first LIMIT 1 } "
        "RETURN c.name, first",
        "c.name|first",
        [("Oslo", "Ada"), ("Rome", "Cy")],
    ),
    Case(
        "a pattern comprehension",
        "MATCH (c:City {name: 'Oslo'}) RETURN size([(p)-[:LIVES_IN]->(c) WHERE p.alive | p.name]) AS alive",
        "alive",
        [(1,)],
    ),
]

OPTIONAL = [
    Case(
        "what is not there is null",
        "MATCH (p:Person) OPTIONAL MATCH (p)-[:LIVES_IN]->(c) RETURN p.name, c.name",
        "p.name|c.name",
        [("Ada", "Oslo"), ("Bob", "Oslo"), ("Cy", "Rome"), ("Dee", None)],
    ),
    Case(
        "a condition belongs to the OPTIONAL MATCH",
        "MATCH (p:Person) OPTIONAL MATCH (p)-[:LIVES_IN]->(c) WHERE c.people > 1000000 RETURN p.name, c.name",
        "p.name|c.name",
        [("Ada", None), ("Bob", None), ("Cy", "Rome"), ("Dee", None)],
    ),
    Case("nothing at all is one row", "OPTIONAL MATCH (n:Nowhere) RETURN n", "n", [(None,)]),
    Case(
        "one after the other",
        "MATCH (p:Person {name: 'Dee'}) OPTIONAL MATCH (p)-[:KNOWS]->(q) OPTIONAL MATCH (q)-[:KNOWS]->(r) RETURN q, r",
        "q|r",
        [(None, None)],
    ),
    Case(
        "count leaves null out",
        "MATCH (p:Person) OPTIONAL MATCH (p)-[k:KNOWS]->() RETURN p.name, count(k), count(*)",
        "p.name|count(k)|count(*)",
        [("Ada", 2, 2), ("Bob", 1, 1), ("Cy", 1, 1), ("Dee", 0, 1)],
    ),
]

AGGREGATION = [
    Case(
        "of nothing",
        "MATCH (n:Nowhere) RETURN count(n), sum(n.x), collect(n), max(n.x), avg(n.x)",
        "count(n)|sum(n.x)|collect(n)|max(n.x)|avg(n.x)",
        [(0, 0, [], None, None)],
    ),
    Case("groups of nothing", "MATCH (n:Nowhere) RETURN n.x, count(*)", "n.x|count(*)", []),
    Case(
        "counts by opcode",
        "MATCH (o:Op) RETURN o.opcode AS opcode, count(*) AS n ORDER BY n DESC, opcode LIMIT 3",
        "opcode|n",
        [("parameter", 5), ("add", 2), ("negate", 2)],
        ordered=True,
    ),
    Case(
        "sum, avg, min, max",
        "UNWIND [3, 1, 2, 2] AS x RETURN sum(x), avg(x), min(x), max(x), count(x), count(DISTINCT x)",
        "sum(x)|avg(x)|min(x)|max(x)|count(x)|count(DISTINCT x)",
        [(8, 2.0, 1, 3, 4, 3)],
    ),
    Case(
        "null is left out",
        "UNWIND [1, null, 3] AS x RETURN sum(x), avg(x), count(x), collect(x)",
        "sum(x)|avg(x)|count(x)|collect(x)",
        [(4, 2.0, 2, [1, 3])],
    ),
    Case("the sum of floats is a float", "UNWIND [1, 0.5] AS x RETURN sum(x), max(x)", "sum(x)|max(x)", [(1.5, 1)]),
    Case(
        "percentiles",
        "UNWIND [10, 20, 30, 40] AS x RETURN percentileCont(x, 0.5) AS middle, percentileDisc(x, 0.5) AS lower",
        "middle|lower",
        [(25.0, 20)],
    ),
    Case("standard deviations", "UNWIND [2, 4, 4, 4, 5, 5, 7, 9] AS x RETURN stDevP(x) AS all", "all", [(2.0,)]),
    Case(
        "collect in the order of rows",
        "MATCH (o:Op {graph: $g}) WITH o ORDER BY o.index DESC RETURN collect(o.opcode) AS ops",
        "ops",
        [(["copy", "tanh", "negate", "parameter"],)],
        {"g": CHAIN},
    ),
    Case(
        "collect by group",
        "MATCH (p:Person)-[:LIVES_IN]->(c) WITH p, c ORDER BY p.name RETURN c.name, collect(p.name)",
        "c.name|collect(p.name)",
        [("Oslo", ["Ada", "Bob"]), ("Rome", ["Cy"])],
    ),
    Case(
        "what is not aggregated is the key",
        "UNWIND [1, 2, 3, 4, 5] AS x RETURN x % 2 AS odd, sum(x) + 1 AS n ORDER BY odd",
        "odd|n",
        [(0, 7), (1, 10)],
        ordered=True,
    ),
    Case(
        "an aggregate of an aggregate, by WITH",
        "MATCH (o:Op) WITH o.graph AS g, count(*) AS n RETURN max(n), sum(n)",
        "max(n)|sum(n)",
        [(8, 16)],
    ),
    Case("null is a group", "UNWIND [1, null, null] AS x RETURN x, count(*)", "x|count(*)", [(1, 1), (None, 2)]),
    Case("DISTINCT rows", "UNWIND [1, 1, 2, null, null] AS x RETURN DISTINCT x", "x", [(1,), (2,), (None,)]),
    Case("collect DISTINCT", "UNWIND [2, 1, 2] AS x RETURN collect(DISTINCT x) AS xs", "xs", [([2, 1],)]),
    Case(
        "DISTINCT nodes",
        "MATCH (:Op {graph: $g, index: 0})-[:FEEDS*2]->(b) RETURN DISTINCT b.index, count(*)",
        "b.index|count(*)",
        [(3, 2)],
        {"g": DIAMOND},
    ),
]
