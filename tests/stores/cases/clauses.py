"""ORDER BY, WITH, UNION, RETURN, and how columns are called."""

from tests.stores.cases.case import BOB, DIAMOND, OSLO, Case
from tpugraph_db.stores import Relationship

ORDER = [
    Case(
        "by two keys",
        "MATCH (o:Op) WHERE o.fan_out > 0 RETURN o.fan_out AS n, o.opcode AS op ORDER BY n DESC, op, "
        "o.graph SKIP 1 LIMIT 2",
        "n|op",
        [(2, "parameter"), (1, "constant")],
        ordered=True,
    ),
    Case(
        "by what is not returned",
        "MATCH (p:Person) WHERE p.born > 0 RETURN p.name ORDER BY p.born",
        "p.name",
        [("Ada",), ("Cy",), ("Bob",)],
        ordered=True,
    ),
    Case(
        "by an expression",
        "UNWIND [1, 2, 3, 4] AS x RETURN x ORDER BY x % 2, -x",
        "x",
        [(4,), (2,), (3,), (1,)],
        ordered=True,
    ),
    Case(
        "by an aggregate",
        "UNWIND ['a', 'b', 'b'] AS x RETURN x, count(*) ORDER BY count(*) DESC",
        "x|count(*)",
        [("b", 2), ("a", 1)],
        ordered=True,
    ),
    Case(
        "SKIP and LIMIT by parameter",
        "UNWIND range(1, 9) AS x RETURN x ORDER BY x DESC SKIP $s LIMIT $l",
        "x",
        [(7,), (6,)],
        {"s": 2, "l": 2},
        ordered=True,
    ),
    Case("LIMIT 0", "MATCH (n:Op) RETURN n.uid AS uid LIMIT 0", "uid", []),
    Case(
        "capitals before small letters",
        "UNWIND ['b', 'B', 'a', 'A'] AS x RETURN x ORDER BY x",
        "x",
        [("A",), ("B",), ("a",), ("b",)],
        ordered=True,
    ),
    Case(
        "booleans and numbers", "UNWIND [true, false] AS x RETURN x ORDER BY x", "x", [(False,), (True,)], ordered=True
    ),
]

CLAUSES = [
    Case(
        "WITH and WHERE as HAVING",
        "MATCH (o:Op {graph: $g})-[:FEEDS]->(t) WITH t, count(*) AS n WHERE n > 1 RETURN t.opcode, n",
        "t.opcode|n",
        [("add", 2)],
        {"g": DIAMOND},
    ),
    Case(
        "WITH hides",
        "MATCH (p:Person {name: 'Bob'}) WITH p.born AS year MATCH (q:Person) WHERE q.born < year RETURN q.name",
        "q.name",
        [("Ada",), ("Cy",)],
    ),
    Case(
        "WITH limits before it goes on",
        "MATCH (p:Person) WITH p ORDER BY p.name LIMIT 2 MATCH (p)-[:KNOWS]->(q) RETURN p.name, q.name",
        "p.name|q.name",
        [("Ada", "Bob"), ("Ada", "Cy"), ("Bob", "Cy")],
    ),
    Case(
        "UNION drops doubles", "UNWIND [1, 2] AS x RETURN x UNION UNWIND [2, 3] AS x RETURN x", "x", [(1,), (2,), (3,)]
    ),
    Case(
        "UNION ALL keeps them",
        "UNWIND [1, 2] AS x RETURN x UNION ALL UNWIND [2, 3] AS x RETURN x",
        "x",
        [(1,), (2,), (2,), (3,)],
    ),
    Case(
        "RETURN * in alphabetical order",
        "MATCH (p:Person {name: 'Bob'})-[r:LIVES_IN]->(c) RETURN *",
        "c|p|r",
        [(OSLO, BOB, Relationship("LIVES_IN", {}))],
    ),
    Case("RETURN * after WITH", "MATCH (p:Boss) WITH p.name AS z, p.born AS a RETURN *", "a|z", [(1960, "Cy")]),
    Case("RETURN * of no row", "MATCH (p:Nowhere)-[r]->(q) UNWIND [1] AS x RETURN *", "p|q|r|x", []),
    Case(
        "RETURN * after a subquery",
        "UNWIND [1, 2] AS b CALL (b) { RETURN b * 2 AS a } RETURN *",
        "a|b",
        [(2, 1), (4, 2)],
    ),
    Case("columns of no row", "MATCH (p:Nowhere) RETURN p.x, p AS `a b`, count(*) AS n", "p.x|a b|n", []),
    Case(
        "names as they are written",
        "RETURN 1+1, 1 + 1, toUpper( 'x' ), [1,2][0]",
        "1+1|1 + 1|toUpper( 'x' )|[1,2][0]",
        [(2, 2, "X", 1)],
    ),
    Case(
        "words as names",
        "WITH 1 AS load, 2 AS csv, {call: 3, use: 4} AS set RETURN load, csv, set.call AS call, set.use AS use",
        "load|csv|call|use",
        [(1, 2, 3, 4)],
    ),
    Case("comments", "RETURN 1 AS a // LOAD CSV\n, /* CALL x.y() */ 2 AS b", "a|b", [(1, 2)]),
    Case("a semicolon at the end", "RETURN 1 AS a;\n", "a", [(1,)]),
]
