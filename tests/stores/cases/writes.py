"""Statements that write."""

from tests.stores.cases.case import Change
from tpugraph_db.stores import Node

TWO = "CREATE (:T {k: 1})-[:R]->(:T {k: 2})"

CREATES = [
    Change(
        "CREATE",
        ["CREATE (n:T {k: 1, l: [1, 2], f: 0.5, b: true, s: 'é'})"],
        "MATCH (n:T) RETURN n",
        [(Node(("T",), {"k": 1, "l": [1, 2], "f": 0.5, "b": True, "s": "é"}),)],
    ),
    Change("null makes no property", ["CREATE (:T {k: null, m: 1})"], "MATCH (n:T) RETURN keys(n)", [(["m"],)]),
    Change("CREATE of a path", [TWO], "MATCH (a:T)-[:R]->(b) RETURN a.k, b.k", [(1, 2)]),
    Change(
        "CREATE from UNWIND",
        ["UNWIND $rows AS r CREATE (n:T) SET n = r"],
        "MATCH (n:T) RETURN n.a, n.b",
        [(1, None), (2, "x")],
        {"rows": [{"a": 1}, {"a": 2, "b": "x"}]},
    ),
    Change(
        "CREATE for each match",
        [TWO, "MATCH (n:T) CREATE (n)-[:OWNS]->(:T {of: n.k})"],
        "MATCH (a:T)-[:OWNS]->(b:T) RETURN a.k, b.of",
        [(1, 1), (2, 2)],
    ),
    Change(
        "a property of 64 bits",
        ["CREATE (:T {low: $low, high: $high})"],
        "MATCH (n:T) RETURN n.low, n.high",
        [(-(2**63), 2**63 - 1)],
        {"low": -(2**63), "high": 2**63 - 1},
    ),
    Change("an empty list", ["CREATE (:T {l: []})"], "MATCH (n:T) RETURN n.l", [([],)]),
]

SETS = [
    Change(
        "SET a property",
        [TWO, "MATCH (n:T {k: 1}) SET n.x = n.k + 1, n.y = 'new'"],
        "MATCH (n:T) RETURN n.k, n.x, n.y",
        [(1, 2, "new"), (2, None, None)],
    ),
    Change(
        "SET from an older value",
        [TWO, "MATCH (n:T) SET n.k = n.k * 10", "MATCH (n:T) SET n.k = n.k + 1"],
        "MATCH (n:T) RETURN n.k",
        [(11,), (21,)],
    ),
    Change("SET null removes", [TWO, "MATCH (n:T {k: 1}) SET n.k = null"], "MATCH (n:T) RETURN n.k", [(None,), (2,)]),
    Change(
        "SET of a map replaces",
        ["CREATE (:T {a: 1, b: 2})", "MATCH (n:T) SET n = {b: 3, c: 4}"],
        "MATCH (n:T) RETURN n.a, n.b, n.c",
        [(None, 3, 4)],
    ),
    Change(
        "SET += adds",
        ["CREATE (:T {a: 1, b: 2})", "MATCH (n:T) SET n += $m"],
        "MATCH (n:T) RETURN n.a, n.b, n.c",
        [(1, 3, 4)],
        {"m": {"b": 3, "c": 4}},
    ),
    Change("SET a label", [TWO, "MATCH (n:T {k: 2}) SET n:U"], "MATCH (n:T) RETURN n.k, n:U", [(1, False), (2, True)]),
    Change(
        "SET a property of an edge",
        ["CREATE (:T)-[:R {w: 1}]->(:T)", "MATCH ()-[r:R]->() SET r.w = r.w + 1"],
        "MATCH ()-[r:R]->() RETURN r.w",
        [(2,)],
    ),
    Change(
        "REMOVE properties",
        ["CREATE (:T {a: 1, b: 2, c: 3})", "MATCH (n:T) REMOVE n.a, n.b"],
        "MATCH (n:T) RETURN n.a, n.b, n.c, n.a IS NULL",
        [(None, None, 3, True)],
    ),
    Change(
        "REMOVE a label", ["CREATE (:T:U {k: 1})", "MATCH (n:T) REMOVE n:U"], "MATCH (n:T) RETURN labels(n)", [(["T"],)]
    ),
]

DELETES = [
    Change(
        "DELETE an edge",
        [TWO, "MATCH (:T)-[r:R]->(:T) DELETE r"],
        "MATCH (n:T) RETURN n.k, COUNT { (n)--() }",
        [(1, 0), (2, 0)],
    ),
    Change(
        "DETACH DELETE",
        [TWO, "MATCH (n:T {k: 1}) DETACH DELETE n"],
        "MATCH (n:T) RETURN n.k, COUNT { (n)--() }",
        [(2, 0)],
    ),
    Change("DELETE what does not hang on", ["CREATE (:T {k: 1})", "MATCH (n:T) DELETE n"], "MATCH (n:T) RETURN n", []),
    Change(
        "DELETE a light edge",
        [
            "CREATE (:Op {uid: 'a'})-[:FEEDS]->(:Op {uid: 'b'})-[:FEEDS]->(:Op {uid: 'c'})",
            "MATCH (:Op {uid: 'a'})-[r:FEEDS]->() DELETE r",
        ],
        "MATCH (a:Op)-[:FEEDS]->(b) RETURN a.uid, b.uid",
        [("b", "c")],
    ),
    Change("DELETE of nothing", ["OPTIONAL MATCH (n:T) DELETE n"], "MATCH (n:T) RETURN n", []),
]

MERGES = [
    Change(
        "MERGE creates, then matches",
        [
            "MERGE (n:T {k: 1}) ON CREATE SET n.made = true ON MATCH SET n.found = true",
            "MERGE (n:T {k: 1}) ON CREATE SET n.made = 'again' ON MATCH SET n.found = true",
        ],
        "MATCH (n:T) RETURN n.k, n.made, n.found",
        [(1, True, True)],
    ),
    Change(
        "MERGE of each row",
        ["UNWIND [1, 2, 1] AS k MERGE (n:T {k: k}) ON MATCH SET n.twice = true"],
        "MATCH (n:T) RETURN n.k, n.twice",
        [(1, True), (2, None)],
    ),
    Change(
        "MERGE of an edge",
        [TWO, *["MATCH (a:T {k: 1}), (b:T {k: 2}) MERGE (a)-[r:S]->(b)"] * 2],
        "MATCH (:T)-[r:S]->(:T) RETURN count(r)",
        [(1,)],
    ),
    Change(
        "MERGE of a light edge",
        [
            "CREATE (:Op {uid: 'a'}), (:Op {uid: 'b'})",
            *["MATCH (a:Op {uid: 'a'}), (b:Op {uid: 'b'}) MERGE (a)-[:FEEDS]->(b)"] * 2,
        ],
        "MATCH ()-[r:FEEDS]->() RETURN count(r)",
        [(1,)],
    ),
    Change(
        "FOREACH", ["FOREACH (k IN range(1, 3) | CREATE (:T {k: k * k}))"], "MATCH (n:T) RETURN n.k", [(1,), (4,), (9,)]
    ),
    Change(
        "FOREACH over a path",
        [
            "CREATE (:T {k: 1})-[:R]->(:T {k: 2})-[:R]->(:T {k: 3})",
            "MATCH p = (:T {k: 1})-[:R*]->(:T {k: 3}) FOREACH (n IN nodes(p) | SET n.seen = true)",
        ],
        "MATCH (n:T) WHERE n.seen RETURN n.k",
        [(1,), (2,), (3,)],
    ),
    Change(
        "a write in a subquery",
        ["UNWIND [1, 2] AS x CALL (x) { CREATE (n:T {k: x}) RETURN n } RETURN count(n)"],
        "MATCH (n:T) RETURN n.k",
        [(1,), (2,)],
    ),
    Change(
        "read what was written",
        ["CREATE (n:T {k: 1}) WITH n MATCH (m:T) SET m.count = 1 RETURN m.k"],
        "MATCH (n:T) RETURN n.count",
        [(1,)],
    ),
]

WRITES = [*CREATES, *SETS, *DELETES, *MERGES]
