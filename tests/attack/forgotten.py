"""A forgotten password: names told apart, mails without end, links guessed, used twice, turned to
another host."""

import re
from statistics import median

from .ground import Ground
from .headers import CLAIMS, EVIL, HOSTS
from .passwords import MOST_APART, words_of
from .visitor import HOST, ORIGIN, Answer

ASK = "/login/forgotten/"
OF_NAME, OF_ADDRESS = 3, 20  # that are taken in five minutes
GUESSES = 40
NEW = {"new_password1": "copper kettle and a violin", "new_password2": "copper kettle and a violin"}


def attack(ground: Ground) -> None:
    """Try all of it."""
    _told_apart(ground)
    _without_end(ground)
    _other_hosts(ground)
    _links(ground)


def _person(ground: Ground, name: str) -> None:
    person = ground.new_person(name)
    person.email = f"{name}@agency.example"
    person.save()


def _ask(ground: Ground, name: str, address: str) -> Answer:
    return ground.stranger(address).post(ASK, {"username": name})


def _mailed() -> list[str]:
    """What leaves now, each mail as a whole: the web process has written it down and no more."""
    from django.core import mail

    from resellers import notify

    mail.outbox = []
    for pk in notify.due():
        notify.send(pk)
    return [one.message().as_string() for one in mail.outbox]


def _told_apart(ground: Ground) -> None:
    known, unknown = [], []
    with ground.report.item("forgotten: names told apart by words") as item:
        for place in range(OF_NAME + 2):
            name = f"mailed{place // OF_NAME}"
            if place % OF_NAME == 0:
                _person(ground, name)
            known.append(_ask(ground, name, f"198.51.112.{place}"))
            unknown.append(_ask(ground, f"un{name}", f"198.51.113.{place}"))
        for one, other in zip(known, unknown, strict=True):
            same = (one.status, one.place) == (other.status, other.place)
            item.hold(same, f"{one.status} {one.place} and {other.status} {other.place}")
        pages = {words_of(ground.stranger().get(one.place)) for one in known + unknown}
        item.hold(len(pages) == 1, f"{len(pages)} pages")
    with ground.report.item("forgotten: names told apart by time") as item:
        for place in range(15):
            if place % OF_NAME == 0:
                _person(ground, f"timed{place}")
            name = f"timed{place - place % OF_NAME}"
            known.append(_ask(ground, name, f"198.51.114.{place}"))
            unknown.append(_ask(ground, f"un{name}", f"198.51.115.{place}"))
        times = [median(one.seconds for one in answers[3:]) for answers in (known, unknown)]
        words = " and ".join(f"{seconds:.4f} s" for seconds in times)
        item.hold(max(times) < MOST_APART * min(times), words)


def _without_end(ground: Ground) -> None:
    with ground.report.item("forgotten: a mailbox filled, and many names from one address") as item:
        _person(ground, "filled")
        _mailed()
        spellings = ("filled", "FILLED", "filled@agency.example", "Filled@Agency.Example")
        for number in range(GUESSES):
            _ask(ground, spellings[number % 4], f"198.51.116.{number}")
        # One count for the name and one for the mail address.
        number = len(_mailed())
        item.hold(0 < number <= 2 * OF_NAME, f"{number} mails")
        taken = [_ask(ground, f"many{place}", "198.51.117.7").status for place in range(30)]
        item.hold(taken.count(302) <= OF_ADDRESS, f"{taken.count(302)} of 30 were taken")


def _other_hosts(ground: Ground) -> None:
    with ground.report.item("forgotten: a link that leads to another host") as item:
        _mailed()
        claims = [{"Host": host} for host in HOSTS] + [{name: EVIL} for name in CLAIMS]
        for number, headers in enumerate(claims):
            name = f"turned{number}"
            _person(ground, name)
            visitor = ground.stranger(f"198.51.118.{number}")
            visitor.post(ASK, {"username": name, "next": f"//{EVIL}"}, **headers)
        mails = _mailed()
        item.hold(len(mails) >= len(CLAIMS), f"{len(mails)} mails")
        for text in mails:
            item.hold(EVIL not in text, text)
            addresses = re.findall(r"https?://\S+", text)
            ours = addresses and all(one.startswith(f"{ORIGIN}/") for one in addresses)
            item.hold(bool(ours), f"{HOST}: {addresses}")


def _links(ground: Ground) -> None:
    with ground.report.item("forgotten: links guessed, used twice, and of another browser") as item:
        _person(ground, "linked")
        _mailed()
        _ask(ground, "linked", "198.51.119.1")
        found = re.search(r"/login/link/([\w-]+)/", "".join(_mailed()))
        secret = found[1] if found else ""
        item.hold(len(secret) >= 40, f"a secret of {len(secret)} characters")
        near = [secret[:-1], secret + "A", secret.swapcase(), secret[::-1], secret[:-1] + "-"]
        for guess in [*near, *(f"{number:043}" for number in range(GUESSES))]:
            visitor = ground.stranger("198.51.119.2")
            status = visitor.get(f"/login/link/{guess}/").status
            item.hold(status == 410 or guess == secret, f"{guess[:4]}…: {status}")
            item.hold(visitor.post("/login/link/", NEW).status == 410, f"{guess[:4]}… sets one")
        late, owner = ground.stranger("198.51.119.3"), ground.stranger("198.51.119.4")
        for one in (late, owner):
            one.get(f"/login/link/{secret}/")
        elsewhere = ground.visitor("linked")
        item.hold(elsewhere.get("/reports/").status == 200, "nobody was logged in elsewhere")
        item.hold(owner.post("/login/link/", NEW).status == 302, "the link itself does not work")
        item.hold(late.post("/login/link/", NEW).status == 410, "it works twice")
        item.hold(ground.stranger().get(f"/login/link/{secret}/").status == 410, "opens again")
        item.hold(elsewhere.get("/reports/").status != 200, "a session from before goes on")
