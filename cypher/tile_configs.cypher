// The tile sizes of a kernel, fastest first, among the configurations that are nodes.
//
// parameter graph: string        the graph's id
// parameter top: int 0.. = 100   how many rows
//
// column config                  number in the file
// column rank                    dense, 0 = fastest, among all of the file
// column slowdown                over the fastest; 1 = as fast
// column normalised              measured runtime over normalizer: what ranks
// column runtime_ns [ns]         measured
// column output_bounds           tile of the output, 0 past its rank
// column kernel_bounds           tile of a convolution's kernel
// column input_bounds            tile of the input; 0: the compiler infers it
MATCH (g:Graph {id: $graph})
MATCH (c:Config {graph: g.id}) WHERE c.output_bounds IS NOT NULL
WITH c ORDER BY c.rank, c.index LIMIT $top
RETURN c.index AS config, c.rank AS rank, c.slowdown AS slowdown,
       toFloat(c.runtime_ns) / c.normalizer_ns AS normalised, c.runtime_ns AS runtime_ns,
       c.output_bounds AS output_bounds, c.kernel_bounds AS kernel_bounds, c.input_bounds AS input_bounds
ORDER BY rank, config
