"""Every view, in the order of the line of names; the first has key 1."""

from __future__ import annotations

from tpugraph_db.explore.views.base import View
from tpugraph_db.explore.views.blocks import Blocks
from tpugraph_db.explore.views.configs import Configs
from tpugraph_db.explore.views.graphs import Graphs
from tpugraph_db.explore.views.hot import Hot
from tpugraph_db.explore.views.op import OpView
from tpugraph_db.explore.views.path import PathView
from tpugraph_db.explore.views.query import Query

VIEWS: tuple[type[View], ...] = (Graphs, Hot, OpView, PathView, Blocks, Configs, Query)
