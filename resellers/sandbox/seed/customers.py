"""Invented customers: names, groups and addresses of small businesses that do not exist."""

from __future__ import annotations

import random

from ..world.slugs import slug

TRADES = (
    ("Gastronomy", ("Café", "Bäckerei", "Gasthaus", "Eisdiele", "Restaurant")),
    ("Crafts", ("Tischlerei", "Malerbetrieb", "Dachdeckerei", "Goldschmiede", "Elektro")),
    ("Retail", ("Buchhandlung", "Blumen", "Weinladen", "Spielwaren", "Optik")),
    ("Health", ("Physiotherapie", "Zahnarztpraxis", "Yogastudio", "Apotheke")),
    ("Services", ("Steuerbüro", "Fahrschule", "Hausverwaltung", "Fotostudio")),
    ("Culture", ("Musikschule", "Galerie", "Theater")),
    ("Hospitality", ("Pension", "Hotel", "Ferienhof")),
)
_FIRST = (
    "Amsel", "Birken", "Distel", "Falken", "Föhren", "Ginster", "Heide", "Kranich", "Linden",
    "Mohn", "Nebel", "Quell", "Raben", "Silber", "Tannen", "Ulmen", "Wacholder", "Zeisig",
)  # fmt: skip
_SECOND = ("grund", "hain", "tal", "blick", "bach", "moor", "stein", "feld", "hof", "see")
_OWNERS = (
    "Annika", "Bastian", "Clara", "Deniz", "Elif", "Fabian", "Greta", "Henrik", "Ilka", "Jonas",
    "Katrin", "Levin", "Mira", "Nils", "Oda", "Pavel", "Ronja", "Selma", "Till", "Ylva",
)  # fmt: skip
_FAMILIES = (
    "Ahrensbeck", "Brüggelmann", "Corvinus", "Dornkamp", "Eschweg", "Finkenauer", "Grothehof",
    "Hollergrund", "Immenroth", "Jütting", "Kesselmoor", "Lohbrink", "Mönckedahl", "Nettelhorst",
)  # fmt: skip

LONG_NAME = (
    "Überregionale Arbeitsgemeinschaft für nachhaltige Holzverarbeitung, historische "
    "Möbelrestaurierung, Küchenbau und Türenfertigung der Brüder Öhlenschläger und Töchter, "
    "Zweigniederlassung Süd-Süd-Ost, vormals Größenwahn & Söhne, Königsmühle"
)
PECULIAR = (
    LONG_NAME,
    "",
    "مخبز النخيل الصغير",
    "Eisdiele Polarstern 🍦🐧",
    "מאפיית השקד",
    "+Punkt Optik",
    "@Home Einrichtungen",
    'Müller & Söhne "Am Markt" <seit 1911>',
    "Wein; Wasser, Weg",
)
_PECULIAR_ADDRESSES = (
    "oehlenschlaeger", "ohne-namen", "palmenbaeckerei", "polarstern", "mandelbaeckerei",
    "punkt-optik", "home-einrichtungen", "mueller-soehne", "wein-wasser-weg",
)  # fmt: skip

AGENCY = "Agentur Leuchtfeder (own account)"


class Customers:
    """One invented customer after the other; the third to eleventh are the peculiar ones."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(f"{seed}:customers")
        self._pairs = [first + second for first in _FIRST for second in _SECOND]
        self._random.shuffle(self._pairs)
        self._number = 0

    def next(self) -> dict[str, str]:
        """Name, e-mail, group and reference of one customer, and a `slug` for its addresses."""
        number = self._number
        self._number += 1
        group, trades = TRADES[number % len(TRADES)]
        place = self._pairs[number % len(self._pairs)]
        trade = trades[number // len(TRADES) % len(trades)]
        name = f"{trade} {place}"
        if number % 6 == 4:
            name = f"{trade} {self._random.choice(_FAMILIES)} & {place}"
        rounds = number // len(self._pairs)
        if rounds:
            name = f"{name} {rounds + 1}"
        short = slug(name)
        if 2 <= number < 2 + len(PECULIAR):
            name = PECULIAR[number - 2]
            short = _PECULIAR_ADDRESSES[number - 2]
        return {
            "name": name,
            "email": f"{slug(self._random.choice(_OWNERS))}@{short}.example",
            "group": group,
            "reference": f"K-{10_001 + number * 7}",
            "slug": short,
        }
