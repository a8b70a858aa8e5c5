"""A picture as PNG, through Pillow."""

from __future__ import annotations

import importlib.util
import io

from tpugraph_db.errors import UsageError
from tpugraph_db.pictures.picture import FONT, LINE, MARGIN, PAD, Picture

MOST_PIXELS = 100_000_000


def png(picture: Picture) -> bytes:
    """The same boxes and lines as the SVG, one pixel each.

    Raises:
        UsageError: Pillow is not installed, or the picture has more than :data:`MOST_PIXELS`.
    """
    if importlib.util.find_spec("PIL") is None:
        raise UsageError("a png needs Pillow: pip install 'tpugraph-db[draw]', or give -o FILE.svg")
    width, height = round(picture.width), round(picture.height)
    if width * height > MOST_PIXELS:
        raise UsageError(f"a png of {width:,} by {height:,} pixels is too large: give -o FILE.svg, or draw fewer ops")
    from PIL import Image, ImageDraw, ImageFont

    image = Image.new("RGB", (width, height), "white")
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(FONT)
    draw.text((MARGIN, MARGIN), picture.title, "black", font)
    for line in picture.lines:
        draw.line(line.points, (119, 119, 119))
        x, y = line.points[-1]
        draw.polygon([(x, y), (x - 3, y - 6), (x + 3, y - 6)], (85, 85, 85))
    for box in picture.boxes:
        corners = (box.x, box.y, box.x + box.width, box.y + box.height)
        draw.rectangle(corners, box.colour, (68, 68, 68))
        for at, text in enumerate(box.lines):
            draw.text((box.x + PAD, box.y + PAD + at * LINE), text, "black", font)
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()
