"""``tpudb explore``: from a hot spot to its cause, in the terminal, with arrow keys.

Three kinds of module, imports pointing down the list:

========================== ============================================================================================
``app.py``                 the application: which view is shown, which graph, which op
``views/``                 what fills the screen; :mod:`tpugraph_db.explore.views` says what a view owes
``widgets/``               what views are made of: the table (``grid.py``), the overview strip, dialogs
the others                 what is shown, as plain data of a graph, without a terminal: tests ask these
========================== ============================================================================================

Textual is imported by ``app``, ``views`` and ``widgets`` alone, and those by the command alone.
"""
