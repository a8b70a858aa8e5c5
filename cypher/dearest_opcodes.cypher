// Which opcodes cost most by the model cost (after tpudb predict --write).
//
// parameter graph: string = null   only this graph; null: all together
//
// column opcode                    HLO opcode
// column ops [ops]                 how many
// column cost                      of them together, modelled; no unit
// column share                     of the cost of all ops, 0 to 1
// column mean                      cost of one
// column dearest                   cost of the dearest
MATCH (g:Graph) WHERE $graph IS NULL OR g.id = $graph
CALL (g) {
  MATCH (o:Op {graph: g.id})
  RETURN o.opcode AS opcode, o.cost AS cost, count(*) AS n
}
// equal costs first, then from the smallest: every engine adds in this order, and gives the same sum to the last bit
WITH opcode, cost, sum(n) AS n ORDER BY cost WHERE cost IS NOT NULL
WITH opcode, sum(n) AS ops, sum(n * cost) AS cost, max(cost) AS dearest
ORDER BY cost DESC, opcode
WITH collect({opcode: opcode, ops: ops, cost: cost, dearest: dearest}) AS rows, sum(cost) AS total
UNWIND rows AS row
WITH row.opcode AS opcode, row.ops AS ops, row.cost AS cost, row.dearest AS dearest, total
RETURN opcode, ops, cost, CASE WHEN total = 0 THEN 0.0 ELSE cost / total END AS share, cost / ops AS mean, dearest
ORDER BY cost DESC, opcode
