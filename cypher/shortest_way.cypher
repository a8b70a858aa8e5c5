// The shortest way that data take from one op to another along FEEDS and CALLED_BY; of several equally short ones
// that with the smallest indexes.
//
// parameter graph: string     the graph's id
// parameter source: int 0..   index of the op where it begins
// parameter target: int 0..   index of the op where it ends
//
// column step [hops]          from 0
// column edge                 FEEDS or CALLED_BY, from the op before
// column op                   index
// column opcode               HLO opcode
// column shape                output as HLO prints it
// column layout               minor-to-major
// column relaid               same dimensions as the op before and another layout
// column computation          number of its computation
MATCH (g:Graph {id: $graph})
MATCH (a:Op {uid: g.id + '#' + toString($source)})
MATCH (b:Op {uid: g.id + '#' + toString($target)})
WITH a, b WHERE a.uid <> b.uid
MATCH p = allShortestPaths((a)-[:FEEDS|CALLED_BY*]->(b))
WITH nodes(p) AS ops, relationships(p) AS edges, [o IN nodes(p) | o.index] AS indexes
ORDER BY indexes LIMIT 1
UNWIND range(0, size(ops) - 1) AS step
WITH step, ops[step] AS o, CASE WHEN step > 0 THEN ops[step - 1] END AS before,
     CASE WHEN step > 0 THEN type(edges[step - 1]) END AS edge
RETURN step, edge, o.index AS op, o.opcode AS opcode, o.shape AS shape, o.layout AS layout,
       before.dims = o.dims AND before.layout <> o.layout AS relaid, o.computation AS computation
ORDER BY step
