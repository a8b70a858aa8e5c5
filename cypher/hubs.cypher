// The ops that feed most others, or that most others feed.
//
// parameter graph: string = null                    only this graph; null: all
// parameter by: string fan_out,fan_in = "fan_out"   what to sort by
// parameter top: int 0.. = 20                       how many rows
//
// column graph                                      the graph's id
// column op                                         index
// column opcode                                     HLO opcode
// column shape                                      output as HLO prints it
// column fan_out [ops]                              how many it feeds
// column fan_in [ops]                               how many feed it
// column bytes [bytes]                              of its output
MATCH (g:Graph) WHERE $graph IS NULL OR g.id = $graph
CALL (g) {
  MATCH (o:Op {graph: g.id})
  WITH o, CASE $by WHEN 'fan_in' THEN o.fan_in ELSE o.fan_out END AS size
  RETURN o, size ORDER BY size DESC, o.index LIMIT $top
}
RETURN g.id AS graph, o.index AS op, o.opcode AS opcode, o.shape AS shape, o.fan_out AS fan_out,
       o.fan_in AS fan_in, o.bytes AS bytes
ORDER BY size DESC, graph, op LIMIT $top
