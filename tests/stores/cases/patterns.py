"""Patterns: nodes, edges, paths, variable length, shortest paths."""

from tests.stores.cases.case import BOB, CHAIN, CY, DEE, DIAMOND, OSLO, ROME, TWO, Case
from tpugraph_db.stores import Relationship, Walk

PATTERNS = [
    Case("a node by label and property", "MATCH (c:City {name: 'Oslo'}) RETURN c", "c", [(OSLO,)]),
    Case("nodes of two labels", "MATCH (n:Person:Boss) RETURN n", "n", [(CY,)]),
    Case("either of two labels", "MATCH (n:Boss|City) RETURN n.name", "n.name", [("Cy",), ("Oslo",), ("Rome",)]),
    Case("not of a label", "MATCH (n:Person&!Boss) RETURN n.name", "n.name", [("Ada",), ("Bob",), ("Dee",)]),
    Case(
        "along an edge",
        "MATCH (a:Op {graph: $g})-[:FEEDS]->(b) RETURN a.index, b.index",
        "a.index|b.index",
        [(0, 1), (0, 2), (1, 3), (2, 3)],
        {"g": DIAMOND},
    ),
    Case(
        "against an edge",
        "MATCH (a:Op {graph: $g})<-[:FEEDS]-(b) RETURN a.index, b.index",
        "a.index|b.index",
        [(1, 0), (2, 0), (3, 1), (3, 2)],
        {"g": DIAMOND},
    ),
    Case(
        "an edge either way",
        "MATCH (a:Op {graph: $g, index: 1})-[:FEEDS]-(b) RETURN b.index",
        "b.index",
        [(0,), (3,)],
        {"g": DIAMOND},
    ),
    Case(
        "edges of two types",
        "MATCH (a:Op {graph: $g})-[r:FEEDS|CALLED_BY]->(b:Op {index: 6}) RETURN a.index, type(r)",
        "a.index|type(r)",
        [(2, "CALLED_BY"), (4, "FEEDS"), (5, "FEEDS")],
        {"g": TWO},
    ),
    Case(
        "edges of any type",
        "MATCH (:Person {name: 'Cy'})-[r]->(x) RETURN type(r), x.name",
        "type(r)|x.name",
        [("KNOWS", "Ada"), ("LIVES_IN", "Rome")],
    ),
    Case(
        "a property of an edge",
        "MATCH (:Person)-[r:KNOWS {since: 2001}]->(b) RETURN b.name, r",
        "b.name|r",
        [("Cy", Relationship("KNOWS", {"since": 2001}))],
    ),
    Case(
        "two patterns that meet",
        "MATCH (a:Op)-[:FEEDS]->(x:Op {opcode: 'add'}), (b:Op)-[:FEEDS]->(x) WHERE a.index < b.index "
        "RETURN a.opcode, b.opcode",
        "a.opcode|b.opcode",
        [("convolution", "dot"), ("parameter", "parameter")],
    ),
    Case(
        "two patterns that do not meet",
        "MATCH (c:City), (b:Boss) RETURN c.name, b.name",
        "c.name|b.name",
        [("Oslo", "Cy"), ("Rome", "Cy")],
    ),
    Case(
        "no edge is walked twice",
        "MATCH (a:Op {graph: $g, index: 0})-[:FEEDS]->()<-[:FEEDS]-(b) RETURN count(b)",
        "count(b)",
        [(0,)],
        {"g": CHAIN},
    ),
    Case(
        "a node may come twice",
        "MATCH (a:Person {name: 'Ada'})-[:KNOWS]->(b)-[:KNOWS]->(c)-[:KNOWS]->(d) RETURN b.name, c.name, d.name",
        "b.name|c.name|d.name",
        [("Bob", "Cy", "Ada"), ("Cy", "Ada", "Bob")],
    ),
    Case(
        "a circle",
        "MATCH (a:Person)-[:KNOWS*2]->(a) RETURN a.name",
        "a.name",
        [("Ada",), ("Cy",)],
    ),
    Case(
        "a label and a pattern as conditions",
        "MATCH (p:Person) WHERE p:Boss OR NOT (p)-[:LIVES_IN]->() RETURN p.name",
        "p.name",
        [("Cy",), ("Dee",)],
    ),
    Case(
        "a condition inside the pattern",
        "MATCH (p:Person WHERE p.born > 1900)-[r:KNOWS WHERE r.since > 2005]->(q) RETURN p.name, q.name",
        "p.name|q.name",
        [("Cy", "Ada")],
    ),
    Case(
        "a path",
        "MATCH p = (:Person {name: 'Bob'})-[:KNOWS]->(:Boss)-[:LIVES_IN]->(:City) RETURN p, length(p)",
        "p|length(p)",
        [(Walk((BOB, CY, ROME), (Relationship("KNOWS", {"since": 2001}), Relationship("LIVES_IN", {}))), 2)],
    ),
    Case("a path of one node", "MATCH p = (:Person {name: 'Dee'}) RETURN p", "p", [(Walk((DEE,), ()),)]),
    Case(
        "start and end of an edge",
        "MATCH ()-[r:LIVES_IN]->(:City {name: 'Rome'}) RETURN startNode(r).name, endNode(r).name",
        "startNode(r).name|endNode(r).name",
        [("Cy", "Rome")],
    ),
]

LENGTHS = [
    Case(
        "one to two hops",
        "MATCH (:Op {graph: $g, index: 0})-[:FEEDS*1..2]->(b) RETURN b.index",
        "b.index",
        [(1,), (2,)],
        {"g": CHAIN},
    ),
    Case(
        "none or more hops",
        "MATCH (:Op {graph: $g, index: 1})-[:FEEDS*0..]->(b) RETURN b.index",
        "b.index",
        [(1,), (2,), (3,)],
        {"g": CHAIN},
    ),
    Case(
        "exactly two hops, a row for each way",
        "MATCH (:Op {graph: $g, index: 0})-[:FEEDS*2]->(b) RETURN b.index",
        "b.index",
        [(3,), (3,)],
        {"g": DIAMOND},
    ),
    Case(
        "any number of hops, either way",
        "MATCH (:Op {graph: $g, index: 3})-[:FEEDS*]-(b) RETURN b.index, count(*)",
        "b.index|count(*)",
        [(0, 2), (1, 2), (2, 2), (3, 2)],
        {"g": DIAMOND},
    ),
    Case(
        "over two types",
        "MATCH (:Op {graph: $g, index: 0})-[:FEEDS|CALLED_BY*]->(b) RETURN b.index",
        "b.index",
        [(2,), (6,), (7,)],
        {"g": TWO},
    ),
    Case(
        "the edges of a long pattern",
        "MATCH (:Person {name: 'Ada'})-[r:KNOWS*2]->(:Boss) RETURN [x IN r | x.since] AS years",
        "years",
        [([1999, 2001],)],
    ),
    Case(
        "a path against its edges",
        "MATCH p = (:Op {graph: $g, index: 2})<-[:FEEDS*]-(:Op {index: 0}) RETURN [n IN nodes(p) | n.opcode] AS ops",
        "ops",
        [(["tanh", "negate", "parameter"],)],
        {"g": CHAIN},
    ),
    Case(
        "a condition on every node of a path",
        "MATCH p = (:Op {graph: $g, index: 0})-[:FEEDS*]->(:Op {index: 3}) "
        "WHERE none(n IN nodes(p) WHERE n.opcode = 'dot') RETURN [n IN nodes(p) | n.index] AS way",
        "way",
        [([0, 1, 3],)],
        {"g": DIAMOND},
    ),
    Case(
        "a quantified pattern",
        "MATCH (a:Op {graph: $g, index: 0}) (()-[:FEEDS]->()){2,3} (b) RETURN b.index",
        "b.index",
        [(2,), (3,)],
        {"g": CHAIN},
    ),
    Case(
        "the shortest path",
        "MATCH p = shortestPath((:Person {name: 'Ada'})-[:KNOWS*]->(:Boss)) RETURN length(p), [n IN "
        "nodes(p) | n.name] AS way",
        "length(p)|way",
        [(1, ["Ada", "Cy"])],
    ),
    Case(
        "the shortest path over light edges",
        "MATCH (a:Op {graph: $g, index: 0}), (b:Op {graph: $g, index: 7}) "
        "MATCH p = shortestPath((a)-[:FEEDS|CALLED_BY*]->(b)) "
        "RETURN [n IN nodes(p) | n.index] AS way, [r IN relationships(p) | type(r)] AS edges",
        "way|edges",
        [([0, 2, 6, 7], ["FEEDS", "CALLED_BY", "FEEDS"])],
        {"g": TWO},
    ),
    Case(
        "all shortest paths",
        "MATCH (a:Op {graph: $g, index: 0}), (b:Op {graph: $g, index: 3}) "
        "MATCH p = allShortestPaths((a)-[:FEEDS*]->(b)) RETURN [n IN nodes(p) | n.index] AS way",
        "way",
        [([0, 1, 3],), ([0, 2, 3],)],
        {"g": DIAMOND},
    ),
    Case(
        "no shortest path",
        "MATCH p = shortestPath((:Op {graph: $g, index: 3})-[:FEEDS*]->(:Op {graph: $g, index: 0})) RETURN p",
        "p",
        [],
        {"g": CHAIN},
    ),
]
