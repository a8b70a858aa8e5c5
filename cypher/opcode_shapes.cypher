// Which output shapes the ops of each opcode have, most frequent first.
//
// parameter graph: string = null    only this graph; null: all together
// parameter opcode: string = null   only this opcode; null: every one
// parameter top: int 0.. = 50       how many rows
//
// column opcode                     HLO opcode
// column shape                      output as HLO prints it
// column ops [ops]                  how many
// column graphs [graphs]            in how many graphs
// column bytes [bytes]              of one output
// column all_bytes [bytes]          of their outputs together
MATCH (g:Graph) WHERE $graph IS NULL OR g.id = $graph
CALL (g) {
  MATCH (o:Op {graph: g.id}) WHERE $opcode IS NULL OR o.opcode = $opcode
  RETURN o.opcode AS opcode, o.shape AS shape, count(*) AS ops, max(o.bytes) AS bytes, sum(o.bytes) AS all_bytes
}
WITH opcode, shape, sum(ops) AS ops, count(*) AS graphs, max(bytes) AS bytes, sum(all_bytes) AS all_bytes
RETURN opcode, shape, ops, graphs, bytes, all_bytes
ORDER BY ops DESC, opcode, shape LIMIT $top
