// Which layouts the outputs of each opcode have in the file.
//
// parameter graph: string = null    only this graph; null: all together
// parameter opcode: string = null   only this opcode; null: every one
//
// column opcode                     HLO opcode
// column layout                     minor-to-major
// column ops [ops]                  how many
// column share                      of the opcode's ops that have a layout, 0 to 1
// column bytes [bytes]              of their outputs together
MATCH (g:Graph) WHERE $graph IS NULL OR g.id = $graph
CALL (g) {
  MATCH (o:Op {graph: g.id}) WHERE $opcode IS NULL OR o.opcode = $opcode
  RETURN o.opcode AS opcode, o.layout AS layout, count(*) AS ops, sum(o.bytes) AS bytes
}
WITH opcode, layout, sum(ops) AS ops, sum(bytes) AS bytes WHERE layout IS NOT NULL
WITH opcode, collect({layout: layout, ops: ops, bytes: bytes}) AS rows, sum(ops) AS all_ops
UNWIND rows AS row
WITH opcode, row.layout AS layout, row.ops AS ops, row.bytes AS bytes, all_ops
RETURN opcode, layout, ops, toFloat(ops) / all_ops AS share, bytes
ORDER BY opcode, ops DESC, layout
