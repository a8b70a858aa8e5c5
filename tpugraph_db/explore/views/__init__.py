"""What fills the screen, one at a time: a view.

A view is a subclass of :class:`tpugraph_db.explore.views.base.View`, and a line in
:data:`tpugraph_db.explore.views.listed.VIEWS`. It owes four things, and gets the rest from the application:

``compose()``
    Its widgets, empty. A table is :class:`tpugraph_db.explore.widgets.grid.Grid`; text is a ``Static`` that gets
    ``rich.text.Text`` or ``textual.content.Content``, never a string: names of ops are not markup. Text of a file or a
    store goes through :func:`tpugraph_db.errors.printable` (a grid does that itself).
``wanted() -> Hashable``
    What is to be shown, as a key: graph, figure, op, whatever it depends on (:attr:`View.session` has them); None where
    there is nothing to show yet. The application calls :meth:`View.update` whenever something may have changed (another
    graph, figure, op, or the view comes to the front), and a load begins only where the key is another than before.
    What changes of the view's own (a mode, a query's text) is part of the key: change it and call ``update()``.
``load(job)``
    A generator, run in a thread: it computes and yields what is found, in as many pieces as are useful alone, the first
    one soon. ``job.say("counting costs")`` says what comes next, which is shown, and ends the load where Esc was
    pressed. It may call ``self.session.database()`` and whatever :class:`~tpugraph_db.explore.opened.Opened` has (the
    graph: ``self.graph``), and touches no widget: take what it needs of them before, in ``wanted()``. An error that it
    raises is shown in the banner with a retry (``r``, which runs ``load`` again); what was shown before stays.
``fill(found)``
    In the screen's thread: puts one piece that ``load`` yielded onto the widgets.
``words()``
    The command line that gives the same result, less ``tpudb`` and ``--db``: ``["hot", "--by", "flops", graph.name]``.
    ``self.session.about(verb, ...)`` gives those with graph and figure. Call ``self.say_command()`` when it has changed
    without a load. ``y`` copies it.

Keys: a view has ``BINDINGS`` of its own (shown in the footer while the focus is in it), and says in ``KEYS`` what they
do; ``focus_first()`` says which
widget gets the focus. Enter or a second click on a row of a grid whose table has ``ops`` goes to the Op view: a view
does nothing for that. To go somewhere by itself it calls ``self.app.go_op(op)``, ``go_view("path")``,
``go_graph(name)``, ``set_figure(by)``.

The data that a view shows is made by plain functions in :mod:`tpugraph_db.explore` or :mod:`tpugraph_db.analytics`,
which are tested without a terminal.
"""
