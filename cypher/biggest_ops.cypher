// The ops with the largest outputs.
//
// parameter graph: string = null    only this graph; null: all
// parameter opcode: string = null   only this opcode; null: every one
// parameter top: int 0.. = 20       how many rows
//
// column graph                      the graph's id
// column op                         index
// column opcode                     HLO opcode
// column shape                      output as HLO prints it
// column layout                     minor-to-major
// column bytes [bytes]              of its output, without padding
// column readers [ops]              how many ops it feeds
MATCH (g:Graph) WHERE $graph IS NULL OR g.id = $graph
CALL (g) {
  MATCH (o:Op {graph: g.id}) WHERE o.bytes IS NOT NULL AND ($opcode IS NULL OR o.opcode = $opcode)
  RETURN o ORDER BY o.bytes DESC, o.index LIMIT $top
}
RETURN g.id AS graph, o.index AS op, o.opcode AS opcode, o.shape AS shape, o.layout AS layout, o.bytes AS bytes,
       o.fan_out AS readers
ORDER BY bytes DESC, graph, op LIMIT $top
