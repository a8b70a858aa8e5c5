"""Ready patterns, a file each (:mod:`tpugraph_db.cypher.patterns.library`)."""
