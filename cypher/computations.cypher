// The computations of a graph: how large each is, what it gives, who calls it.
//
// parameter graph: string        the graph's id
// parameter top: int 0.. = 100   how many rows, the largest first
//
// column computation             number, in file order
// column name                    HLO name; null for graphs from npz
// column kind                    what it is to its caller: entry, fusion, while_body, ...; null for graphs from npz
// column ops [ops]               how many
// column depth [edges]           FEEDS on its longest way
// column configurable [ops]      those that a layout configuration sets
// column bytes [bytes]           of its ops' outputs together
// column root                    index of its result
// column root_opcode             HLO opcode of its result
// column root_shape              its result as HLO prints it
// column callers [ops]           ops that call it; 0 for the entry
// column calls [calls]           computations that its ops call
MATCH (g:Graph {id: $graph})
MATCH (o:Op {graph: g.id})
OPTIONAL MATCH (called)-[:CALLED_BY]->(o)
WITH o, count(called) AS calls
WITH o.computation AS computation, count(*) AS ops, max(o.depth) AS depth, sum(o.bytes) AS bytes,
     sum(CASE WHEN o.is_configurable THEN 1 ELSE 0 END) AS configurable,
     max(CASE WHEN o.is_root THEN o.index END) AS root_index, sum(calls) AS calls
ORDER BY ops DESC, computation LIMIT $top
OPTIONAL MATCH (root:Op {uid: $graph + '#' + toString(root_index)})
OPTIONAL MATCH (root)-[:CALLED_BY]->(caller)
WITH computation, ops, depth, configurable, bytes, calls, root, count(caller) AS callers
OPTIONAL MATCH (c:Computation {uid: $graph + '/computation/' + toString(computation)})
RETURN computation, c.name AS name, c.kind AS kind, ops, depth, configurable, bytes, root.index AS root,
       root.opcode AS root_opcode, root.shape AS root_shape, callers, calls
ORDER BY ops DESC, computation
