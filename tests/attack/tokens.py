"""Tokens of the API: guessed, told apart, used where they may not be, and after their end."""

from datetime import timedelta
from statistics import median

from .ground import Ground
from .visitor import SESSION, Answer, Visitor

ADDRESS = "/api/v1/customers"
WRONG_A_MINUTE = 20


def attack(ground: Ground) -> None:
    """Try all of it."""
    from django.utils import timezone

    from resellers import tokens
    from resellers.models import PersonalToken

    person = ground.new_person("caller")
    token, text = tokens.make(person, "theirs", 30)
    near = text[:-1] + ("a" if text[-1] != "a" else "b")
    with ground.report.item("tokens: near ones, halves, other schemes, other places") as item:
        item.hold(_call(ground.stranger("192.0.2.200"), text).status == 200, "it opens nothing")
        shown = (
            *("", "Bearer", "Bearer ", f"Bearer {near}", f"Bearer {text[:30]}", f"Basic {text}"),
            *(f"Bearer {text.upper()}", f"Bearer {text} {text}", text, f"Bearer {token.prefix}"),
            *(f"Bearer {token.prefix}_{token.secret_hash}", f"Bearer {token.secret_hash}"),
            *("Bearer null", "Bearer desk_%", "Bearer ' OR '1'='1", "Bearer *"),
        )
        words = set()
        for number, value in enumerate(shown):
            caller = ground.stranger(f"192.0.2.{number}")
            answer = caller.ask("GET", ADDRESS, b"", {"Authorization": value} if value else {})
            item.hold(answer.status == 401, f"{value[:40]!r}: {answer.status}")
            words.add(answer.text)
        item.hold(len(words) == 1, f"{len(words)} answers that can be told apart")
        caller = ground.stranger("192.0.2.201")
        for address in (f"{ADDRESS}?token={text}", f"{ADDRESS}?access_token={text}"):
            item.hold(caller.get(address).status == 401, f"{address[:40]} opens it")
        caller.cookies["token"] = caller.cookies[SESSION] = text
        item.hold(caller.get(ADDRESS).status == 401, "as a cookie it opens it")
        item.hold(ground.visitor("admin").get(ADDRESS).status == 401, "a session opens it")
    with ground.report.item("tokens: guessed from one address, again and again") as item:
        caller = ground.stranger("192.0.2.210")
        statuses = [_call(caller, f"desk_{n:010}_{'a' * 43}").status for n in range(60)]
        looked_at = statuses.count(401)
        item.hold(looked_at <= 2 * WRONG_A_MINUTE, f"{looked_at} of 60 were looked at")
        item.hold(set(statuses) == {401, 429}, f"{set(statuses)}")
    with ground.report.item("tokens: known beginnings told apart by time") as item:
        times = []
        for beginning, first in ((token.prefix, 0), ("desk_0000000000", 40)):
            answers = [
                _call(ground.stranger(f"198.51.120.{first + n}"), f"{beginning}_{'a' * 43}")
                for n in range(15)
            ]
            times.append(median(one.seconds for one in answers[2:]))
        item.hold(max(times) < 2 * min(times), f"{times[0]:.4f} s and {times[1]:.4f} s")
    with ground.report.item("tokens: what they may not: write, and open pages") as item:
        caller = ground.stranger("192.0.2.220")
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            answer = _call(caller, text, method=method)
            item.hold(answer.status == 405, f"{method}: {answer.status}")
        for address in ("/", "/accounts/", "/accounts/export.csv", "/me/", "/people/"):
            answer = _call(caller, text, address)
            item.hold(answer.leads_to_log_in, f"{address}: {answer.status}")
    with ground.report.item("tokens: after their end, and of who may not log in any more") as item:
        rows = PersonalToken.objects.filter(pk=token.pk)
        caller = ground.stranger("192.0.2.230")
        rows.update(expires_at=timezone.now() - timedelta(seconds=1))
        item.hold(_call(caller, text).status == 401, "over, and it opens")
        rows.update(expires_at=timezone.now() + timedelta(days=1))
        type(person).objects.filter(pk=person.pk).update(is_active=False)
        item.hold(_call(caller, text).status == 401, "closed, and it opens")
        type(person).objects.filter(pk=person.pk).update(is_active=True)
        item.hold(_call(caller, text).status == 200, "it should open again")
        tokens.revoke(token, by=person)
        item.hold(_call(caller, text).status == 401, "revoked, and it opens")


def _call(caller: Visitor, text: str, address: str = ADDRESS, method: str = "GET") -> Answer:
    return caller.ask(method, address, b"", {"Authorization": f"Bearer {text}"})
