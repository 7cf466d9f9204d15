"""One domain in both spellings, and nothing invisible made of any."""

import pytest

from resellers.domain_names import readable, spellings


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("bäcker.example", "bäcker.example (xn--bcker-gra.example)"),
        ("XN--BCKER-GRA.example", "bäcker.example (XN--BCKER-GRA.example)"),
        (
            "https://xn--bcker-gra.example:80/a/b.html?c=d.e#f.g",
            "https://bäcker.example:80/a/b.html?c=d.e#f.g"
            " (https://xn--bcker-gra.example:80/a/b.html?c=d.e#f.g)",
        ),
        ("jörg.maß@straße.example", "jörg.maß@straße.example (jörg.maß@xn--strae-oqa.example)"),
        ("xn--i-7iq.example", "i❤.example (xn--i-7iq.example)"),
        ("xn--pple-43d.example", "аpple.example (xn--pple-43d.example)"),
    ],
)
def test_both_spellings_are_shown(given, expected):
    assert readable(given) == expected
    assert len(spellings(given)) == 2


@pytest.mark.parametrize(
    "text",
    [
        *("", "north.example", "https://north.example/ä.html", "Bäckerei Müller", "xn--", "xn--.x"),
        *("xn--99999999.example", f"xn--{'a' * 100}.example", f"{'ä' * 100}.example", "a@b", "..."),
        # What would turn the reading direction around, and what has no width.
        f"xn--{chr(0x202E).encode('punycode').decode()}.example",
        f"xn--{('a' + chr(0x200B)).encode('punycode').decode()}.example",
    ],
)
def test_whatever_else_it_is_it_stays_as_it_is(text):
    assert readable(text) == text
