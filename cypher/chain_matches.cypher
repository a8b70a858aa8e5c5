// Where a chain of given opcodes stands, each op feeding the next: convolution, add, maximum.
//
// parameter opcodes: list<string> 1..6   in the order that data flows
// parameter graph: string = null         only this graph; null: all
// parameter top: int 0.. = 100           how many rows
//
// column graph                           the graph's id
// column ops                             index of each op of the chain
// column shapes                          output of each
// column bytes [bytes]                   of their outputs together
MATCH (g:Graph) WHERE $graph IS NULL OR g.id = $graph
WITH g ORDER BY g.id // so that an engine goes no further than the first matches
CALL (g) {
  MATCH (a:Op {graph: g.id, opcode: $opcodes[0]})
  // one step at a time, so that a branch ends where its opcode does not fit; past the list's end nothing is asked for
  OPTIONAL MATCH (a)-[:FEEDS]->(b) WHERE b.opcode = $opcodes[1]
  WITH a, b WHERE b IS NOT NULL OR size($opcodes) < 2
  OPTIONAL MATCH (b)-[:FEEDS]->(c) WHERE c.opcode = $opcodes[2]
  WITH a, b, c WHERE c IS NOT NULL OR size($opcodes) < 3
  OPTIONAL MATCH (c)-[:FEEDS]->(d) WHERE d.opcode = $opcodes[3]
  WITH a, b, c, d WHERE d IS NOT NULL OR size($opcodes) < 4
  OPTIONAL MATCH (d)-[:FEEDS]->(e) WHERE e.opcode = $opcodes[4]
  WITH a, b, c, d, e WHERE e IS NOT NULL OR size($opcodes) < 5
  OPTIONAL MATCH (e)-[:FEEDS]->(f) WHERE f.opcode = $opcodes[5]
  WITH [a, b, c, d, e, f][0..size($opcodes)] AS chain, f WHERE f IS NOT NULL OR size($opcodes) < 6
  WITH chain, [o IN chain | o.index] AS ops ORDER BY ops LIMIT $top
  RETURN chain, ops
}
WITH g.id AS graph, chain, ops LIMIT $top
RETURN graph, ops, [o IN chain | o.shape] AS shapes, reduce(sum = 0, o IN chain | sum + coalesce(o.bytes, 0)) AS bytes
ORDER BY graph, ops
