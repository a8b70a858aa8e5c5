// How far measurements of the same configuration lie apart, among the configurations that are nodes: the noise below
// which no ranking means anything.
//
// parameter graph: string = null    only this graph; null: all
// parameter top: int 0.. = 50       how many rows, the widest spread first
//
// column graph                      the graph's id
// column config                     number of the first configuration with these rows
// column times_measured [configs]   measurements of these rows in the file
// column seen [configs]             those that are nodes
// column fastest                    slowdown of the fastest of them, over the best of the graph
// column slowest                    slowdown of the slowest of them
// column spread                     slowest over fastest
MATCH (g:Graph) WHERE $graph IS NULL OR g.id = $graph
CALL (g) {
  MATCH (c:Config {graph: g.id}) WHERE c.times_measured > 1
  WITH c.same_as AS config, c.times_measured AS times_measured, count(*) AS seen,
       min(c.slowdown) AS fastest, max(c.slowdown) AS slowest
  WHERE seen > 1
  RETURN config, times_measured, seen, fastest, slowest
}
RETURN g.id AS graph, config, times_measured, seen, fastest, slowest, slowest / fastest AS spread
ORDER BY spread DESC, graph, config LIMIT $top
