// How wide a graph is at each depth: ops of one depth wait for nothing but ops above.
//
// parameter graph: string             the graph's id
// parameter computation: int = null   only this computation; null: all together
//
// column depth [edges]                FEEDS on the longest way from an op that nothing feeds
// column ops [ops]                    how many
// column configurable [ops]           those that a layout configuration sets
// column bytes [bytes]                of their outputs together
MATCH (g:Graph {id: $graph})
MATCH (o:Op {graph: g.id}) WHERE $computation IS NULL OR o.computation = $computation
WITH o.depth AS depth, count(*) AS ops, sum(o.bytes) AS bytes,
     sum(CASE WHEN o.is_configurable THEN 1 ELSE 0 END) AS configurable
RETURN depth, ops, configurable, bytes
ORDER BY depth
