"""The interactive prompt, less the terminal: what a line means, what running it gives, what may be completed.

``language`` splits a text into statements and commands, ``session`` runs them, ``commands`` are those with a dot,
``vocabulary`` and ``completing`` know what may follow, ``saved`` keeps queries. ``prompt`` alone knows prompt-toolkit.
Nothing here prints: :mod:`tpugraph_db.cli.shell` shows what comes out.
"""
