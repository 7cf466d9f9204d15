"""What looks the same is one text; what cannot be seen is none."""

import pytest

from resellers.folding import is_one_line, is_visible, plain, same_text, tidy

INVISIBLE = [
    *(
        "",
        " ",
        "\u00a0",
        "\u200b",
        "\ufeff",
        "\u2060\u200d",
        "\u00ad",
        "\u3164",
        "\u115f",
        "\u2800",
    ),
    *("\u202e", "\ufe0f", "\u034f", "\t\r\n", "\u2028", "\u0301", "\U000e0041", " \u200b\u3000 "),
]


@pytest.mark.parametrize("text", INVISIBLE)
def test_what_nobody_can_see_is_no_text(text):
    assert not is_visible(text)
    assert tidy(text) == ""


@pytest.mark.parametrize("text", ["a", "-", "\u200ba", "日", "☕️", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "\ufffd", "x\u0302"])
def test_what_can_be_seen_is_kept(text):
    assert is_visible(text)
    assert tidy(text) == text.strip("\u200b")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Cre\u0302perie", "Crêperie"),
        (" Harbour", "Harbour\u00a0"),
        ("\ufeffHarbour\u200b", "Harbour"),
        ("\u200b", ""),
    ],
)
def test_other_bytes_are_the_same_text(one, other):
    assert same_text(one, other)
    assert tidy(one) == tidy(other)


def test_another_text_is_not_the_same():
    assert not same_text("Crêperie", "Creperie")
    assert not same_text("Harbour", "harbour")


def test_people_compare_without_case_blanks_and_what_has_no_shape():
    assert plain(" HARBOUR\u00a0  Ba\u00adkery\u200b ") == plain("harbour bakery")
    assert plain("Straße") == plain("STRASSE")


def test_a_line_has_no_breaks_and_no_tabs():
    assert is_one_line("Retail North, Süd")
    for sign in "\n\r\t\x0b\x85\u2028\u2029\0\x7f":
        assert not is_one_line(f"Retail{sign}North")
