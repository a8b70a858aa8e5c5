// The ops that a layout configuration sets, with what the fastest and the slowest measured configuration choose.
//
// parameter graph: string    the graph's id
//
// column op                  index
// column opcode              HLO opcode
// column shape               output as HLO prints it
// column layout              minor-to-major, in the file
// column choices [choices]   how many distinct ones the file holds
// column best                choice in the fastest configuration: output, input, kernel layout
// column worst               choice in the slowest configuration
// column differs             best and worst are not the same
MATCH (g:Graph {id: $graph})
OPTIONAL MATCH (c:Config {graph: g.id}) WHERE c.rank IS NOT NULL
WITH g, c ORDER BY c.rank, c.index
WITH g, collect(c.codes) AS codes
WITH g, codes[0] AS best, codes[-1] AS worst
MATCH (o:Op {graph: g.id}) WHERE o.slot IS NOT NULL
WITH o, o.choices[best[o.slot]] AS best, o.choices[worst[o.slot]] AS worst
RETURN o.index AS op, o.opcode AS opcode, o.shape AS shape, o.layout AS layout, size(o.choices) AS choices,
       best, worst, best <> worst AS differs
ORDER BY op
