// Where data change their layout: an op and one it feeds have the same dimensions and different layouts in the file.
//
// parameter graph: string = null   only this graph; null: all
// parameter producer: int = null   only from the op of this index; null: every one
// parameter consumer: int = null   only to the op of this index; null: every one
// parameter top: int 0.. = 100     how many rows, the largest first
//
// column graph                     the graph's id
// column producer                  index
// column producer_opcode           HLO opcode
// column consumer                  index
// column consumer_opcode           HLO opcode
// column dims                      of both outputs
// column producer_layout           minor-to-major
// column consumer_layout           minor-to-major
// column bytes [bytes]             of the producer's output
MATCH (g:Graph) WHERE $graph IS NULL OR g.id = $graph
CALL (g) {
  MATCH (p:Op {graph: g.id})-[:FEEDS]->(c)
  WHERE c.elements = p.elements AND c.dims = p.dims AND c.layout <> p.layout
    AND ($producer IS NULL OR p.index = $producer) AND ($consumer IS NULL OR c.index = $consumer)
  RETURN p, c
}
RETURN g.id AS graph, p.index AS producer, p.opcode AS producer_opcode, c.index AS consumer,
       c.opcode AS consumer_opcode, p.dims AS dims, p.layout AS producer_layout, c.layout AS consumer_layout,
       p.bytes AS bytes
ORDER BY bytes DESC, graph, producer, consumer LIMIT $top
