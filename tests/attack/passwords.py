"""Passwords guessed: under one name, from one address, spread over both; names told apart."""

import re
from concurrent.futures import ThreadPoolExecutor
from statistics import median

from tests import worlds

from .ground import Ground
from .visitor import Answer

OF_NAME, OF_ADDRESS = 5, 20  # guesses that are looked at before there is a wait
LOOKED_AT = (302, 422)
MOST_APART = 2.0  # between the times for a name there is and one there is not


def attack(ground: Ground) -> None:
    """Try all of it."""
    _one_name(ground)
    _at_once(ground)
    _other_spellings(ground)
    _spread(ground)
    _before_what_ends_things(ground)
    _by_words_and_time(ground)
    _one_address(ground)


def _guess(ground: Ground, name: str, password: str, address: str) -> Answer:
    form = {"username": name, "password": password}
    return ground.stranger(address).post("/login/", form)


def _one_name(ground: Ground) -> None:
    with ground.report.item("brute force: one name, from many addresses") as item:
        ground.new_person("guessed")
        for number in range(40):
            password = worlds.PASSWORD if number == 30 else f"a guess {number}"
            answer = _guess(ground, "guessed", password, f"198.51.100.{number}")
            looked_at = answer.status in LOOKED_AT
            item.hold(not looked_at or number < OF_NAME, f"{number}: {answer.status}")


def _at_once(ground: Ground) -> None:
    with ground.report.item("brute force: one name, all at once") as item:
        ground.new_person("hurried")

        def one(number: int) -> Answer:
            return _guess(ground, "hurried", f"a guess {number}", f"198.51.101.{number}")

        with ThreadPoolExecutor(8) as pool:
            statuses = [answer.status for answer in pool.map(one, range(16))]
        looked_at = sum(status in LOOKED_AT for status in statuses)
        item.hold(looked_at <= OF_NAME, f"{looked_at} of 16 were looked at: {statuses}")


def _other_spellings(ground: Ground) -> None:
    with ground.report.item("brute force: one name, spelled in other ways") as item:
        ground.new_person("spelled")
        spellings = ("spelled", "SPELLED", "Spelled", " spelled", "spelled ", "ｓpelled", "spelleD")
        statuses = []
        for number, name in enumerate(spellings * 2):
            answer = _guess(ground, name, f"a guess {number}", f"198.51.102.{number}")
            statuses.append(answer.status)
        looked_at = sum(status in LOOKED_AT for status in statuses)
        item.hold(looked_at <= OF_NAME, f"{looked_at} were looked at: {statuses}")


def _one_address(ground: Ground) -> None:
    with ground.report.item("brute force: one address, many names, forged hops") as item:
        looked_at = 0
        for number in range(30):
            # What stands left of the proxy's own word is the visitor's invention.
            hops = f"10.9.8.{number}, 198.51.103.7"
            answer = _guess(ground, f"nobody{number}", "a guess", hops)
            looked_at += answer.status in LOOKED_AT
        item.hold(looked_at <= OF_ADDRESS, f"{looked_at} of 30 were looked at")


def _spread(ground: Ground) -> None:
    with ground.report.item("brute force: spread over names and addresses") as item:
        names = [f"spread{place}" for place in range(3)]
        for name in names:
            ground.new_person(name)
        counts = dict.fromkeys(names, 0)
        for number in range(24):
            name = names[number % 3]
            answer = _guess(ground, name, "Spring2026!!", f"192.0.2.{number}")
            counts[name] += answer.status in LOOKED_AT
        item.hold(max(counts.values()) <= OF_NAME, f"looked at by name: {counts}")


def _before_what_ends_things(ground: Ground) -> None:
    name = "brute force: the password that is asked for again"
    with ground.report.item(name) as item:
        ground.new_person("again")
        visitor = ground.visitor("again")
        looked_at = 0
        for number in range(9):
            answer = visitor.post("/me/confirm/", {"password": f"a guess {number}"})
            item.hold(answer.status == 422, f"{number}: {answer.status}")
            looked_at += "not looked at" not in answer.text
        item.hold(looked_at <= OF_NAME, f"{looked_at} of 9 were looked at")


def _by_words_and_time(ground: Ground) -> None:
    with ground.report.item("enumeration: names told apart by words") as item:
        known, unknown = _same_guesses(ground, "there-is", 8)
        for one, other in zip(known, unknown, strict=True):
            words = words_of(one, "there-is"), words_of(other, "none-such")
            same = words[0] == words[1] and one.status == other.status
            item.hold(same, f"{one.status} and {other.status}, {len(words[0])}, {len(words[1])}")
    with ground.report.item("enumeration: names told apart by time") as item:
        known, unknown = _same_guesses(ground, "here-too", OF_NAME)
        times = [median(one.seconds for one in answers[1:]) for answers in (known, unknown)]
        words = " and ".join(f"{seconds:.3f} s" for seconds in times)
        item.hold(max(times) < MOST_APART * min(times), words)


def _same_guesses(ground: Ground, name: str, number: int) -> tuple[list[Answer], list[Answer]]:
    """What is answered to as many guesses under a name there is, and under one there is not."""
    ground.new_person(name)
    other = "none-such" if name == "there-is" else "nor-this"
    known, unknown = [], []
    for place in range(number):  # in turns: a busy moment is one for both
        known.append(_guess(ground, name, f"a guess {place}", f"198.51.110.{place}"))
        unknown.append(_guess(ground, other, f"a guess {place}", f"198.51.111.{place}"))
    return known, unknown


def words_of(answer: Answer, name: str = "") -> str:
    """The page without what is different in each answer: the name, tokens, moments."""
    text = answer.text.replace(name, "NAME") if name else answer.text
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)
    return re.sub(r"\d\d:\d\d(:\d\d)?", "", text)
