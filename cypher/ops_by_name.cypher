// The op of an HLO name, as profiles and error messages say it; only graphs read from HLO have names.
//
// parameter name: string            the whole name, without %
// parameter graph: string = null    only this graph; null: all
//
// column graph                      the graph's id
// column op                         index
// column opcode                     HLO opcode
// column shape                      output as HLO prints it
// column computation                name of the computation that it is in
// column kind                       what that computation is to its caller: entry, fusion, while_body, ...
// column op_name                    the framework's name of it
// column source_file                where it comes from
// column source_line                line there
MATCH (o:Op {name: $name}) WHERE $graph IS NULL OR o.graph = $graph
MATCH (g:Graph {id: o.graph})
MATCH (o)-[:IN]->(c:Computation)
RETURN g.id AS graph, o.index AS op, o.opcode AS opcode, o.shape AS shape, c.name AS computation, c.kind AS kind,
       o.op_name AS op_name, o.source_file AS source_file, o.source_line AS source_line
ORDER BY graph, op
