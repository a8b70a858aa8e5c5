"""Measure a JAX program under many layouts on the machine at hand: :func:`tpugraph_db.collect.collection.collect`.

Only child processes import jax (:mod:`tpugraph_db.collect.child`), each pinned to one core before that: an executable
depends on how many cores it can see, and so do its runtimes.
"""
