"""Layered pictures of graphs."""

from tpugraph_db.pictures.picture import MOST_OPS, Picture, picture_of
from tpugraph_db.pictures.png import png
from tpugraph_db.pictures.svg import Svg, svg
from tpugraph_db.pictures.write import write_picture

__all__ = ["MOST_OPS", "Picture", "Svg", "picture_of", "png", "svg", "write_picture"]
