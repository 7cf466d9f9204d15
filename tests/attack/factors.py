"""Ways past the second factor: other addresses, guesses, codes used twice."""

from tests import worlds
from tests.dashboard.every_address import every_address
from tests.dashboard.rights import PUBLIC, rights_of
from tests.dashboard.signin.second_factors import code_of, give_app, recovery_codes_of

from .ground import Ground
from .visitor import Answer, Visitor

LOOKED_AT = 5
OWN = "/me/factors/"


def attack(ground: Ground) -> None:
    """Try all of it."""
    _half_way(ground)
    _codes(ground)
    _demanded(ground)


def _password(visitor: Visitor, name: str) -> Answer:
    return visitor.post("/login/", {"username": name, "password": worlds.PASSWORD})


def _half_way(ground: Ground) -> None:
    with ground.report.item("second factor: every address with the password alone") as item:
        person = ground.new_person("half-way", "admin")
        give_app(person)
        visitor = ground.stranger("198.51.100.140")
        answer = _password(visitor, "half-way")
        item.hold(answer.place == "/login/code/", f"asked for nothing: {answer.place}")
        for pattern, address in every_address(ground.ids):
            if (rights_of(pattern.name) or (PUBLIC,))[0] == PUBLIC:
                continue
            for method in ("GET", "POST"):
                answer = visitor.get(address) if method == "GET" else visitor.post(address)
                stood = answer.leads_to_log_in or answer.status in (403, 404, 405)
                item.hold(stood, f"{method} {address}: {answer.status} {answer.place}")


def _codes(ground: Ground) -> None:
    with ground.report.item("second factor: a code without a password, and empty ones") as item:
        person = ground.new_person("coded")
        secret = give_app(person)
        visitor = ground.stranger("198.51.100.141")
        visitor.post("/login/code/", {"code": code_of(secret)})
        item.hold(visitor.get("/reports/").status != 200, "a code alone opens pages")
        item.hold(_password(visitor, "coded").status == 302, "could not begin")
        for code in ("", " ", "null", "0"):
            visitor.post("/login/code/", {"code": code})
            item.hold(visitor.get("/reports/").status != 200, f"{code!r} opens pages")
    with ground.report.item("second factor: a code used twice, a recovery code used twice") as item:
        person = ground.new_person("twice")
        secret = give_app(person)
        recovery = recovery_codes_of(person)[0]
        for words, code in (("the app's", code_of(secret)), ("a recovery", recovery)):
            for number, opens in enumerate((True, False)):
                visitor = ground.stranger(f"198.51.100.{150 + number}")
                _password(visitor, "twice")
                visitor.post("/login/code/", {"code": code})
                is_open = visitor.get("/reports/").status == 200
                item.hold(is_open == opens, f"{words} code, {number + 1}: open is {is_open}")
    with ground.report.item("second factor: codes guessed, with the password between") as item:
        give_app(ground.new_person("coding"))
        looked_at = 0
        for number in range(9):
            visitor = ground.stranger(f"198.51.100.{160 + number}")
            if _password(visitor, "coding").status == 302:
                answer = visitor.post("/login/code/", {"code": f"{number:06}"})
                looked_at += answer.status == 422
        item.hold(looked_at <= LOOKED_AT, f"{looked_at} of 9 were looked at")


def _demanded(ground: Ground) -> None:
    from dashboard.frame.second_factor import OPEN
    from resellers import tokens
    from resellers.models import Policy

    ground.new_person("without", "operator")
    _, text = tokens.make(ground.people["without"], "theirs", 30)
    visitor = ground.visitor("without")
    Policy.objects.update_or_create(pk=1, defaults={"second_factor_for": ["operator"]})
    try:
        with ground.report.item("second factor: demanded, every address without one") as item:
            for pattern, address in every_address(ground.ids):
                if pattern.name in OPEN or rights_of(pattern.name) in (None, (PUBLIC, PUBLIC)):
                    continue
                answers = {
                    "GET": visitor.get(address),
                    "POST": visitor.post(address),
                    "a part": visitor.get(address, HX_Request="true"),
                }
                for method, answer in answers.items():
                    stood = answer.place == OWN or answer.status in (403, 404, 405)
                    item.hold(stood, f"{method} {address}: {answer.status} {answer.place}")
            held = {"Authorization": f"Bearer {text}"}
            answer = visitor.ask("GET", "/api/v1/customers", b"", held)
            item.hold(answer.status == 403, f"the API: {answer.status}")
    finally:
        Policy.objects.filter(pk=1).update(second_factor_for=[])
