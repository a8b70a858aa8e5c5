// Constants of a computation that say the same: one would do. Needs what HLO says; npz has lost the values.
//
// parameter graph: string = null        only this graph; null: all
// parameter collection: string = null   only this collection; null: all
//
// column graph                          the graph's id
// column constants                      each as name#index
// column shape                          of all of them
// column says                           what HLO says of each, its value
// column times                          how many

//     constant 0 ──> op
//     constant 0 ──> op
//
// source: XLA, HloCSE joins them
MATCH (g:Graph)
WHERE ($graph IS NULL OR g.id = $graph) AND ($collection IS NULL OR g.collection = $collection)
MATCH (o:Op {graph: g.id}) WHERE o.opcode IN ['constant'] AND o.attributes IS NOT NULL
  AND NOT o.attributes ENDS WITH '...'
WITH g.id AS graph, o.computation AS computation, o.shape AS shape, o.layout AS layout, o.attributes AS says,
     o.name AS name, o.index AS op
ORDER BY graph, op
WITH graph, computation, shape, layout, says, collect(name + '#' + toString(op)) AS constants, min(op) AS first
WHERE size(constants) > 1
RETURN graph, constants, shape, says, size(constants) AS times
ORDER BY times DESC, graph, first
