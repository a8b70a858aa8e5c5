// The configurations of a graph that are nodes, fastest first.
//
// parameter graph: string           the graph's id
// parameter top: int 0.. = 100      how many rows
//
// column config                     number in the file
// column rank                       dense, 0 = fastest, among all of the file
// column slowdown                   over the fastest; 1 = as fast
// column runtime_ns [ns]            measured
// column normalizer_ns [ns]         what a tile's runtime is divided by before ranking
// column same_as                    number of the first configuration with the same rows
// column times_measured [configs]   measurements of these rows in the file
MATCH (g:Graph {id: $graph})
MATCH (c:Config {graph: g.id})
WITH c ORDER BY c.rank, c.index LIMIT $top
RETURN c.index AS config, c.rank AS rank, c.slowdown AS slowdown, c.runtime_ns AS runtime_ns,
       c.normalizer_ns AS normalizer_ns, c.same_as AS same_as, c.times_measured AS times_measured
ORDER BY rank, config
