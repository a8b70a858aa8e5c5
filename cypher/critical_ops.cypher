// The ops that end last by the model cost, and the producer that each waits for: followed back from the first row,
// the critical path (after tpudb predict --write).
//
// parameter graph: string       the graph's id
// parameter top: int 0.. = 20   how many rows
//
// column op                     index
// column opcode                 HLO opcode
// column shape                  output as HLO prints it
// column cost_finish            modelled cost of the dearest way to its end, its own included; no unit
// column cost                   its own, modelled; no unit
// column waits_for              index of the producer that ends last
// column waits_for_opcode       HLO opcode of that producer
// column waits_for_finish       cost_finish of that producer
MATCH (g:Graph {id: $graph})
MATCH (o:Op {graph: g.id}) WHERE o.cost_finish IS NOT NULL
WITH o ORDER BY o.cost_finish DESC, o.index LIMIT $top
OPTIONAL MATCH (p)-[:FEEDS|CALLED_BY]->(o)
WITH o, p ORDER BY p.cost_finish DESC, p.index
WITH o, collect(p)[0] AS p
RETURN o.index AS op, o.opcode AS opcode, o.shape AS shape, o.cost_finish AS cost_finish, o.cost AS cost,
       p.index AS waits_for, p.opcode AS waits_for_opcode, p.cost_finish AS waits_for_finish
ORDER BY cost_finish DESC, op
