"""Internationalised domain names: the same one as people read it, and as the net spells it.

`bäcker.example` and `xn--bcker-gra.example` are one domain. Wix, mails and browsers give either.
"""

import re
from collections.abc import Callable

import idna

from resellers.folding import is_visible

_ACE = "xn--"
_LONGEST_LABEL = 63
# A name with a dot in it, wherever it stands in an address; what comes before @ is no domain.
_DOMAIN = re.compile(r"""([^\s/@:?#,;()<>\[\]"']+)(@?)""")


def in_unicode(text: str) -> str:
    """The address with the letters that its `xn--` domain stands for, where they can be seen."""
    return _spelt(text, _label_in_unicode) if _ACE in text.lower() else text


def in_ascii(text: str) -> str:
    """The address with its domain in the letters of ASCII."""
    return text if text.isascii() else _spelt(text, _label_in_ascii)


def readable(text: str) -> str:
    """The address in both spellings where they differ: what looks familiar need not be it."""
    unicode, ascii_ = in_unicode(text), in_ascii(text)
    return text if unicode == ascii_ else f"{unicode} ({ascii_})"


def registrable(text: str) -> str:
    """The domain in small letters of ASCII. Raises ValueError for a name no registry takes.

    Such as one of emoji, and one that begins with `xn--` and stands for nothing.
    """
    labels = text.strip().lower().rstrip(".").split(".")
    try:
        spelt = [
            label if label.isascii() else idna.encode(label, uts46=True).decode()
            for label in labels
        ]
        for label in spelt:
            if label.startswith(_ACE):
                idna.ulabel(label)
    except (idna.IDNAError, UnicodeError) as error:
        raise ValueError(text) from error
    return ".".join(spelt)


def spellings(text: str) -> list[str]:
    """The address in each spelling of its domain."""
    return list(dict.fromkeys((text, in_unicode(text), in_ascii(text))))


def _spelt(text: str, spell: Callable[[str], str]) -> str:
    for found in _DOMAIN.finditer(text):
        name, at = found.groups()
        if "." in name and not at:
            spelt = ".".join(map(spell, name.split(".")))
            return text[: found.start()] + spelt + text[found.end() :]
    return text


def _label_in_unicode(label: str) -> str:
    if not label.lower().startswith(_ACE) or len(label) > _LONGEST_LABEL:
        return label
    try:
        return idna.ulabel(label)
    except (idna.IDNAError, UnicodeError):
        pass
    # Registries have sold names, such as those of emoji, that the standard no longer takes.
    try:
        unicode = label[len(_ACE) :].encode("ascii").decode("punycode")
    except UnicodeError:
        return label
    return unicode if unicode and all(map(is_visible, unicode)) else label


def _label_in_ascii(label: str) -> str:
    if label.isascii() or len(label) > _LONGEST_LABEL:
        return label
    try:
        return idna.encode(label, uts46=True).decode()
    except (idna.IDNAError, UnicodeError):
        return _ACE + label.lower().encode("punycode").decode()
