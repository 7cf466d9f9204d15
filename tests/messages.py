"""Writes the catalogue of all texts that people read, and compiles it: `make messages`.

Each language has its folder under `locale`, with `django.po` for people and `django.mo` for Django.
Texts are found as Django finds them, by Babel instead of GNU gettext, which a fresh machine lacks.
What was translated stays; nothing in the files changes with the day, the machine or the order in
which texts stand in the code. English is the language of the texts themselves and stays empty.
"""

import ast
import io
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
LOCALE = ROOT / "locale"
# By the function: which of its arguments are the text, its plural, and ("c") its context.
FUNCTIONS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
    # Ours, with a number before its noun: dashboard.components.values.
    "counted": (2, 3),
}
_WRAPS = re.compile(rb"gettext|\bcounted\(")
_NOUNS = re.compile(rb"^\s+one=", re.MULTILINE)
_COUNTED = re.compile(r'\|counted:"([^",]+),([^",]+)"')

Text = tuple[str, str | tuple[str, ...], str | None]  # where, the text or its forms, its context


class Undated(Catalog):
    """A catalogue that says nothing of when it was made and by whom."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        plurals = f"nplurals={self.num_plurals}; plural={self.plural_expr};"
        return [
            ("Language", str(self.locale)),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
            ("Plural-Forms", plurals),
        ]


def texts_of_template(source: str, where: str = "") -> Iterator[Text]:
    """What one template has translated."""
    from django.utils.translation.template import templatize

    # Django turns it into calls of gettext amid blanks; Python minds how far in they stand.
    calls = "\n".join(line.strip() for line in templatize(source).splitlines())
    yield from _texts(calls.encode(), where)
    yield from ((where, forms, None) for forms in _COUNTED.findall(source))


def texts_of_python(source: bytes, where: str = "") -> Iterator[Text]:
    """What one module has translated."""
    if _WRAPS.search(source):
        yield from _texts(source, where)
    if _NOUNS.search(source):
        yield from ((where, forms, None) for forms in _nouns(source))


def _nouns(source: bytes) -> Iterator[tuple[str, str]]:
    """What one row of a list is called and what several are: the arguments `one` and `many`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            said = {name.arg: name.value for name in node.keywords}
            one, many = said.get("one"), said.get("many")
            if isinstance(one, ast.Constant) and isinstance(many, ast.Constant):
                yield one.value, many.value


def _texts(source: bytes, where: str) -> Iterator[Text]:
    for _line, text, _comments, context in extract("python", io.BytesIO(source), FUNCTIONS):
        yield where, text, context


def every_text() -> Iterator[Text]:
    """What all templates and all modules have translated."""
    for path in sorted((ROOT / "templates").rglob("*.html")):
        yield from texts_of_template(path.read_text(), str(path.relative_to(ROOT)))
    for room in ("dashboard", "resellers"):
        for path in sorted((ROOT / room).rglob("*.py")):
            yield from texts_of_python(path.read_bytes(), str(path.relative_to(ROOT)))


def catalogue(language: str, texts: list[Text], held: Catalog | None = None) -> Catalog:
    """These texts in that language, each as it is translated in the one that was held before."""
    made = Undated(locale=language)
    for where, text, context in texts:
        made.add(text, locations=[(where, 0)], context=context)
    for message in made if held else ():
        before = held.get(message.id, message.context) if message.id else None
        if before and before.pluralizable == message.pluralizable:
            message.string = before.string
            message.flags |= before.flags & {"fuzzy"}
    return made


def as_po(made: Catalog) -> bytes:
    """What people read and translate."""
    file = io.BytesIO()
    write_po(file, made, width=0, sort_output=True, include_lineno=False, omit_header=True)
    head = "".join(f'"{name}: {value}\\n"\n' for name, value in made.mime_headers)
    return f'msgid ""\nmsgstr ""\n{head}\n'.encode() + file.getvalue()


def as_mo(made: Catalog) -> bytes:
    """What Django reads: only what is translated, in all its forms."""
    translated = Undated(locale=made.locale)
    for message in made:
        forms = message.string if message.pluralizable else (message.string,)
        if message.id and forms and all(forms) and not message.fuzzy:
            translated.add(message.id, message.string, context=message.context)
    file = io.BytesIO()
    write_mo(file, translated)
    return file.getvalue()


def held_in(po: Path) -> Catalog | None:
    """The catalogue as it stands in this file, if there is one."""
    if not po.is_file():
        return None
    with po.open("rb") as file:
        return read_po(file, locale=po.parts[-3])


def catalogues(locale: Path = LOCALE) -> list[Path]:
    """Each language's file for people."""
    return sorted(folder / "LC_MESSAGES" / "django.po" for folder in locale.iterdir())


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")
    texts = list(every_text())
    for po in catalogues():
        made = catalogue(po.parts[-3], texts, held_in(po))
        po.write_bytes(as_po(made))
        po.with_suffix(".mo").write_bytes(as_mo(made))


if __name__ == "__main__":
    main()
