// Which op calls which computation.
//
// parameter graph: string           the graph's id
// parameter opcode: string = null   only callers of this opcode; null: every one
//
// column caller                     index of the op that calls
// column opcode                     its HLO opcode
// column shape                      its output as HLO prints it
// column inside                     number of the computation that it is in
// column computation                number of the computation that it calls
// column name                       HLO name of that one; null for graphs from npz
// column kind                       under which attribute it is called: calls, to_apply, body, ...; null likewise
// column root                       index of that one's result
// column root_opcode                HLO opcode of that one's result
MATCH (g:Graph {id: $graph})
MATCH (root:Op {graph: g.id, is_root: true})-[:CALLED_BY]->(caller) WHERE $opcode IS NULL OR caller.opcode = $opcode
OPTIONAL MATCH (caller)-[call:CALLS]->(c:Computation {root: root.index})
RETURN caller.index AS caller, caller.opcode AS opcode, caller.shape AS shape, caller.computation AS inside,
       root.computation AS computation, c.name AS name, call.kind AS kind, root.index AS root,
       root.opcode AS root_opcode
ORDER BY caller, root, kind
