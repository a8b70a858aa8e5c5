"""Named Cypher queries, a file each (:mod:`tpugraph_db.cypher.library`)."""
