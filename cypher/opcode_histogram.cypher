// Which opcodes occur how often, and what they write.
//
// parameter graph: string = null   only this graph; null: all together
//
// column opcode                    HLO opcode
// column ops [ops]                 how many
// column share                     of all ops, 0 to 1
// column configurable [ops]        those that a layout configuration sets
// column bytes [bytes]             of their outputs together
// column bytes_share               of the outputs of all ops, 0 to 1
MATCH (g:Graph) WHERE $graph IS NULL OR g.id = $graph
CALL (g) {
  MATCH (o:Op {graph: g.id})
  RETURN o.opcode AS opcode, count(*) AS ops, sum(o.bytes) AS bytes,
         sum(CASE WHEN o.is_configurable THEN 1 ELSE 0 END) AS configurable
}
WITH opcode, sum(ops) AS ops, sum(bytes) AS bytes, sum(configurable) AS configurable
WITH collect({opcode: opcode, ops: ops, bytes: bytes, configurable: configurable}) AS rows,
     sum(ops) AS all_ops, sum(bytes) AS all_bytes
UNWIND rows AS row
WITH row.opcode AS opcode, row.ops AS ops, row.configurable AS configurable, row.bytes AS bytes, all_ops, all_bytes
RETURN opcode, ops, toFloat(ops) / all_ops AS share, configurable, bytes,
       CASE WHEN all_bytes = 0 THEN 0.0 ELSE toFloat(bytes) / all_bytes END AS bytes_share
ORDER BY ops DESC, opcode
