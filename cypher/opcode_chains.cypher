// Which chains of three opcodes occur most often along FEEDS: what a fusion or a peephole rule would meet.
//
// parameter graph: string = null   only this graph; null: all together
// parameter first: string = null   only chains that begin with this opcode; null: every one
// parameter top: int 0.. = 20      how many rows
//
// column first                     opcode that feeds the second
// column second                    opcode that feeds the third
// column third                     opcode
// column chains [chains]           how many
// column graphs [graphs]           in how many graphs
MATCH (g:Graph) WHERE $graph IS NULL OR g.id = $graph
CALL (g) {
  MATCH (a:Op {graph: g.id})-[:FEEDS]->(b)-[:FEEDS]->(c) WHERE $first IS NULL OR a.opcode = $first
  RETURN a.opcode AS first, b.opcode AS second, c.opcode AS third, count(*) AS chains
}
WITH first, second, third, sum(chains) AS chains, count(*) AS graphs
RETURN first, second, third, chains, graphs
ORDER BY chains DESC, first, second, third LIMIT $top
