"""Draws `docs/architecture.svg` from the imports themselves: `make picture`.

A row is a floor, a box a room, an arrow says that one room imports from another. Arrows that others
imply are left out: where a room imports from one that imports from a third, no arrow leads from the
first to the third.
"""

import sys
import tomllib
from html import escape
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parents[2]
PICTURE = ROOT / "docs" / "architecture.svg"
WIDTH, HEIGHT, TOP = 1180, 44, 100  # of the picture and a box; from one floor to the next
APART = 12


def floors() -> list[list[str]]:
    """The rooms from the top floor to the ground, as the import contracts in pyproject.toml say."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    layered = [one for one in contracts["contracts"] if one["type"] == "layers"]
    whole = next(one for one in layered if "dashboard" in one["layers"])
    inside = next(one for one in layered if one.get("containers") == ["dashboard"])
    rows = [[f"dashboard.{name}"] for name in inside["layers"]]
    for layer in whole["layers"]:
        names = [name.strip() for name in layer.replace("|", ":").split(":")]
        built = [name for name in names if not name.startswith("(") and name != "dashboard"]
        if built:
            rows.append(built)
    return rows


def imports(rooms: list[str]) -> list[tuple[str, str]]:
    """Each pair of rooms of which the first imports from the second, but for the implied ones."""
    graph = grimp.build_graph("dashboard", "resellers", cache_dir=None)
    inside = {
        room: {room, *(graph.find_descendants(room) if room in graph.modules else ())}
        for room in rooms
    }
    rooms_of = {module: room for room, modules in inside.items() for module in modules}
    pairs = {
        (room, rooms_of[imported])
        for room, modules in inside.items()
        for module in modules & graph.modules
        for imported in graph.find_modules_directly_imported_by(module)
        if imported in rooms_of and rooms_of[imported] != room
    }
    return sorted(pair for pair in pairs if not _is_implied(*pair, pairs))


def _is_implied(start: str, end: str, pairs: set[tuple[str, str]]) -> bool:
    beyond = {imported for room, imported in pairs if room == start and imported != end}
    while reached := {imported for room, imported in pairs if room in beyond} - beyond:
        beyond |= reached
    return end in beyond


def draw() -> str:
    """The picture as SVG, the same for the same imports."""
    rows, places = floors(), {}
    for level, rooms in enumerate(rows):
        width = min(170, (WIDTH - 2 * APART) / len(rooms) - APART)
        left = (WIDTH - len(rooms) * (width + APART) + APART) / 2
        for number, room in enumerate(rooms):
            places[room] = (left + number * (width + APART), 20 + level * TOP, width)
    height = 20 + len(rows) * TOP - TOP + HEIGHT + 20
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        'font-family="sans-serif" font-size="12" role="img">',
        "<title>The rooms of the house, and which imports from which</title>",
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
        'markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z" fill="#667"/></marker></defs>',
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
    ]
    for room, imported in imports(list(places)):
        left, top, width = places[room]
        to_left, to_top, to_width = places[imported]
        parts.append(
            f'<line x1="{left + width / 2:.0f}" y1="{top + HEIGHT:.0f}" '
            f'x2="{to_left + to_width / 2:.0f}" y2="{to_top:.0f}" stroke="#667" '
            f'stroke-opacity="0.45" marker-end="url(#tip)"><title>{escape(room)} imports from '
            f"{escape(imported)}</title></line>"
        )
    for room, (left, top, width) in places.items():
        house, _, name = room.partition(".")
        fill = "#e7f0ff" if house == "dashboard" else "#eef6ea"
        size = min(12, width / (0.62 * len(name)))
        parts.append(
            f'<rect x="{left:.0f}" y="{top}" width="{width:.0f}" height="{HEIGHT}" rx="5" '
            f'fill="{fill}" stroke="#335"/>'
            f'<text x="{left + width / 2:.0f}" y="{top + 19}" text-anchor="middle" '
            f'font-size="{size:.1f}" font-weight="bold">{escape(name)}</text>'
            f'<text x="{left + width / 2:.0f}" y="{top + 34}" text-anchor="middle" '
            f'font-size="9" fill="#556">{house}</text>'
        )
    return "\n".join([*parts, "</svg>\n"])


if __name__ == "__main__":
    PICTURE.write_text(draw())
    sys.stdout.write(f"drawn: {PICTURE.relative_to(ROOT)}\n")
