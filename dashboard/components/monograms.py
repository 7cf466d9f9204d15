"""A name in two letters, for where there is no picture of its owner."""


def monogram(name: str) -> str:
    """The first letters of the first and the last word, in capitals; empty without a letter."""
    firsts = [letter for word in name.split() if (letter := _first_letter(word))]
    return "".join([firsts[0], *firsts[1:][-1:]]).upper() if firsts else ""


def _first_letter(word: str) -> str:
    return next((sign for sign in word if sign.isalnum()), "")
