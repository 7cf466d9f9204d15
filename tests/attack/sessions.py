"""Sessions set by somebody else, stolen, and stretched beyond their end."""

import time
from datetime import timedelta
from importlib import import_module
from typing import Any

from tests import worlds

from .ground import Ground
from .visitor import SESSION, Visitor

INVENTED = "0123456789abcdefghijklmnopqrstuv"
PAGE = "/reports/"
SOON = 3  # seconds


def attack(ground: Ground) -> None:
    """Try all of it."""
    _fixation(ground)
    _theft(ground)
    _sliding(ground)
    _guessed(ground)
    _of_others(ground)


def _store(key: str | None = None) -> Any:
    from django.conf import settings

    return import_module(settings.SESSION_ENGINE).SessionStore(key)


def _opens(visitor: Visitor) -> bool:
    return visitor.get(PAGE).status == 200


def _fixation(ground: Ground) -> None:
    with ground.report.item("session fixation: a key set before the log-in") as item:
        ground.new_person("fixed")
        anonymous = _store()
        anonymous["planted"] = "yes"
        anonymous.create()
        for key in (INVENTED, anonymous.session_key):
            victim = ground.stranger("198.51.100.60")
            victim.cookies[SESSION] = key
            form = {"username": "fixed", "password": worlds.PASSWORD}
            answer = victim.post("/login/", form)
            item.hold(answer.status == 302, f"could not log in: {answer.status}")
            item.hold(_opens(victim), "the log-in opens nothing")
            item.hold(victim.cookies[SESSION] != key, f"{key} was kept")
            thief = ground.stranger()
            thief.cookies[SESSION] = key
            item.hold(not _opens(thief), f"{key} opens the pages of who logged in")
    with ground.report.item("session theft: the cookie that a script or plain HTTP reads") as item:
        victim = ground.stranger("198.51.100.61")
        answer = victim.post("/login/", {"username": "fixed", "password": worlds.PASSWORD})
        cookies = [line for line in answer.headers.get_all("Set-Cookie") if SESSION in line]
        item.hold(bool(cookies), "there is no such cookie")
        for line in cookies:
            for word in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
                item.hold(word in line, f"without {word}")
            item.hold("Domain=" not in line, "for other hosts, too")


def _theft(ground: Ground) -> None:
    """A copy of the cookie opens nothing once its owner, or an admin, has ended the session."""

    def log_out(owner: Visitor, pk: int) -> None:
        owner.post("/logout/")

    def new_password(owner: Visitor, pk: int) -> None:
        word = "another one for tests"
        owner.post("/me/password/", {"new_password1": word, "new_password2": word})

    def everywhere(owner: Visitor, pk: int) -> None:
        owner.post("/me/sessions/end/")

    def deactivated(owner: Visitor, pk: int) -> None:
        ground.visitor("admin").post(f"/people/{pk}/deactivate/")

    def by_admin(owner: Visitor, pk: int) -> None:
        ground.visitor("admin").post(f"/people/{pk}/sessions/end/")

    ends = {
        "log-out": log_out,
        "a new password": new_password,
        "signing out everywhere": everywhere,
        "deactivation": deactivated,
        "an admin's end of it": by_admin,
    }
    for place, (words, end) in enumerate(ends.items()):
        with ground.report.item(f"session theft: the cookie after {words}") as item:
            person = ground.new_person(f"robbed{place}")
            owner, other = ground.visitor(f"robbed{place}"), ground.visitor(f"robbed{place}")
            thief = ground.stranger()
            # With a new password the owner's own session goes on under another key.
            thief.cookies[SESSION] = owner.cookies[SESSION]
            item.hold(_opens(thief) and _opens(other), "they opened nothing before")
            end(owner, person.pk)
            item.hold(not _opens(thief), "the copy still opens pages")
            if end is not log_out:
                item.hold(not _opens(other), "another session still opens pages")


def _sliding(ground: Ground) -> None:
    with ground.report.item("session sliding: used again and again towards its end") as item:
        ground.new_person("sliding")
        visitor = ground.visitor("sliding")
        store = _store(visitor.cookies[SESSION])
        left = store.get_expiry_date().timestamp() - time.time()
        item.hold(left <= 12 * 3600 + 5, f"it lasts {left} s")
        from django.utils import timezone

        store.set_expiry(timezone.now() + timedelta(seconds=SOON))
        store.save()
        until = time.monotonic() + SOON + 1
        while time.monotonic() < until:
            store = _store(visitor.cookies[SESSION])
            if "seen_at" in store:
                store["seen_at"] = int(time.time()) - 300  # so that each use is noted
                store.save()
            visitor.get(PAGE)
            visitor.post("/me/theme/", {"theme": "dark"})
            time.sleep(0.4)
        item.hold(not _opens(visitor), "it outlived its end")
    with ground.report.item("session sliding: kept alive by polls, without a person") as item:
        visitor = ground.visitor("sliding")
        store = _store(visitor.cookies[SESSION])
        store["seen_at"] = int(time.time()) - 29 * 60
        store.save()
        for _ in range(4):
            visitor.get("/live/", X_Poll="1", HX_Request="true")
        store = _store(visitor.cookies[SESSION])
        item.hold(time.time() - store.get("seen_at", 0) > 1700, "polls count as use")
        store["seen_at"] = int(time.time()) - 31 * 60
        store.save()
        item.hold(not _opens(visitor), "half an hour idle, and it still opens pages")
    with ground.report.item("session without an end of its own") as item:
        from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

        person, store = ground.people["sliding"], _store()
        store[SESSION_KEY] = str(person.pk)
        store[BACKEND_SESSION_KEY] = "dashboard.frame.staff.Staff"
        store[HASH_SESSION_KEY] = person.get_session_auth_hash()
        store.create()
        visitor = ground.stranger()
        visitor.cookies[SESSION] = store.session_key
        item.hold(not _opens(visitor), "it opens pages")


def _guessed(ground: Ground) -> None:
    with ground.report.item("session guessing: keys near one that is good, and odd ones") as item:
        good = ground.visitor("viewer").cookies[SESSION]
        odd = ["", "0" * 32, "a" * 4000, "' OR '1'='1", "../../etc", good[:-1], good.upper()]
        near = [good[:-1] + letter for letter in "abcdefghij" if letter != good[-1]]
        for key in [*odd, *near, good + "a"]:
            visitor = ground.stranger()
            visitor.cookies[SESSION] = key
            answer = visitor.get(PAGE)
            item.hold(answer.status in (302, 400, 431), f"{key[:40]}: {answer.status}")


def _of_others(ground: Ground) -> None:
    with ground.report.item(
        "IDOR: sessions and tokens of somebody else, ended by their number"
    ) as i:
        from allauth.usersessions.models import UserSession

        from resellers import tokens

        ground.new_person("owner")
        owner = ground.visitor("owner")
        i.hold(_opens(owner), "the session opened nothing before")
        token, _ = tokens.make(ground.people["owner"], "nightly", 30)
        thief = ground.visitor("manager")
        for row in UserSession.objects.filter(user=ground.people["owner"]):
            thief.post(f"/me/sessions/{row.pk}/end/")
        thief.post(f"/me/tokens/{token.pk}/revoke/")
        token.refresh_from_db()
        i.hold(_opens(owner), "the session was ended")
        i.hold(token.revoked_at is None, "the token was revoked")
