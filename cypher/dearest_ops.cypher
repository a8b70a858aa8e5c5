// The ops that cost most by the model cost (after tpudb predict --write).
//
// parameter graph: string = null    only this graph; null: all
// parameter opcode: string = null   only this opcode; null: every one
// parameter top: int 0.. = 20       how many rows
//
// column graph                      the graph's id
// column op                         index
// column opcode                     HLO opcode
// column shape                      output as HLO prints it
// column cost                       modelled; no unit
// column cost_share                 of its graph's total, 0 to 1
// column cost_rank                  dense, 0 = cheapest of its graph
// column bytes [bytes]              of its output
MATCH (g:Graph) WHERE $graph IS NULL OR g.id = $graph
CALL (g) {
  MATCH (o:Op {graph: g.id}) WHERE o.cost IS NOT NULL AND ($opcode IS NULL OR o.opcode = $opcode)
  RETURN o ORDER BY o.cost DESC, o.index LIMIT $top
}
RETURN g.id AS graph, o.index AS op, o.opcode AS opcode, o.shape AS shape, o.cost AS cost,
       o.cost_share AS cost_share, o.cost_rank AS cost_rank, o.bytes AS bytes
ORDER BY cost DESC, graph, op LIMIT $top
