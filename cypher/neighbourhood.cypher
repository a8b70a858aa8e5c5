// The ops within a few hops of one op along FEEDS and CALLED_BY, nearest first.
//
// parameter graph: string                            the graph's id
// parameter op: int 0..                              index of the op
// parameter hops: int 0..6 = 2                       how far
// parameter direction: string both,in,out = "both"   in: towards producers; out: towards consumers
//
// column distance [hops]                             of the nearest way
// column op                                          index
// column opcode                                      HLO opcode
// column shape                                       output as HLO prints it
// column layout                                      minor-to-major
// column computation                                 number of its computation
// column bytes [bytes]                               of its output
MATCH (g:Graph {id: $graph})
MATCH (o:Op {uid: g.id + '#' + toString($op)})
// layer by layer: the number of ways grows with every hop, that of ops does not
WITH [o] AS l0
CALL (l0) {
  UNWIND l0 AS o MATCH (o)-[e:FEEDS|CALLED_BY]-(n)
  WHERE $hops >= 1 AND ($direction = 'both' OR (startNode(e) = o) = ($direction = 'out'))
  RETURN collect(DISTINCT n) AS l1
}
CALL (l1) {
  UNWIND l1 AS o MATCH (o)-[e:FEEDS|CALLED_BY]-(n)
  WHERE $hops >= 2 AND ($direction = 'both' OR (startNode(e) = o) = ($direction = 'out'))
  RETURN collect(DISTINCT n) AS l2
}
CALL (l2) {
  UNWIND l2 AS o MATCH (o)-[e:FEEDS|CALLED_BY]-(n)
  WHERE $hops >= 3 AND ($direction = 'both' OR (startNode(e) = o) = ($direction = 'out'))
  RETURN collect(DISTINCT n) AS l3
}
CALL (l3) {
  UNWIND l3 AS o MATCH (o)-[e:FEEDS|CALLED_BY]-(n)
  WHERE $hops >= 4 AND ($direction = 'both' OR (startNode(e) = o) = ($direction = 'out'))
  RETURN collect(DISTINCT n) AS l4
}
CALL (l4) {
  UNWIND l4 AS o MATCH (o)-[e:FEEDS|CALLED_BY]-(n)
  WHERE $hops >= 5 AND ($direction = 'both' OR (startNode(e) = o) = ($direction = 'out'))
  RETURN collect(DISTINCT n) AS l5
}
CALL (l5) {
  UNWIND l5 AS o MATCH (o)-[e:FEEDS|CALLED_BY]-(n)
  WHERE $hops >= 6 AND ($direction = 'both' OR (startNode(e) = o) = ($direction = 'out'))
  RETURN collect(DISTINCT n) AS l6
}
WITH [l0, l1, l2, l3, l4, l5, l6] AS layers
UNWIND range(0, $hops) AS layer
UNWIND layers[layer] AS n
WITH n, min(layer) AS distance
RETURN distance, n.index AS op, n.opcode AS opcode, n.shape AS shape, n.layout AS layout,
       n.computation AS computation, n.bytes AS bytes
ORDER BY distance, op
