"""Statements and their answers, by hand from the literal graphs (tests/graphs.py) and tests/stores/people.py."""
