"""Some people, for Cypher that the ops of a graph have no use for: labels in plenty, relationships with properties."""

PEOPLE = """
CREATE
  (ada:Person {name: 'Ada', born: 1815, langs: ['en', 'fr'], height: 1.5, alive: false}),
  (bob:Person {name: 'Bob', born: 1990, langs: ['en'], height: 1.75, alive: true}),
  (cy:Person:Boss {name: 'Cy', born: 1960, langs: []}),
  (dee:Person {name: 'Dee'}),
  (oslo:City {name: 'Oslo', people: 700000}),
  (rome:City {name: 'Rome', people: 2800000}),
  (ada)-[:KNOWS {since: 1999}]->(bob),
  (bob)-[:KNOWS {since: 2001}]->(cy),
  (ada)-[:KNOWS {since: 2010}]->(cy),
  (cy)-[:KNOWS {since: 2015}]->(ada),
  (ada)-[:LIVES_IN]->(oslo),
  (bob)-[:LIVES_IN]->(oslo),
  (cy)-[:LIVES_IN]->(rome)
"""
