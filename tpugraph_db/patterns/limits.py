"""How large a pattern may be; each bound is named by the error of what exceeds it."""

from __future__ import annotations

HOPS = 8
"""Edges of ``..>`` where it does not say."""

MOST_HOPS = 32
"""Edges that it may say."""

REPEATS = 8
"""Copies of ``*2..`` where it does not say."""

MOST_REPEATS = 16
"""Copies that it may say."""

FORMS = 64
"""Ways to spell a pattern out without ``?`` and repeats: each is a part of the statement."""

OPS = 32
"""Ops of one form."""

DEEPEST = 20
"""Brackets in brackets."""
