"""Addresses of other hosts, given wherever the site leads on to one that it was given."""

from tests import worlds

from .ground import Ground
from .visitor import HOST, ORIGIN

PLACES = (
    "//evil.example",
    "///evil.example",
    "////evil.example/x",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n//evil.example",
    "/%09/evil.example",
    "/%5cevil.example",
    "https://evil.example/",
    "https:evil.example",
    "https:/evil.example",
    "http://evil.example",
    f"https://{HOST}@evil.example/",
    f"https://{HOST}.evil.example/",
    f"{ORIGIN}:443@evil.example",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "  //evil.example",
    "\x01//evil.example",
    "/login/../..//evil.example",
    "//evil.example%2f..",
    "/\u2028/evil.example",
    "//[::1",
    "%2f%2fevil.example",
    "/.//evil.example/",
)


def attack(ground: Ground) -> None:
    """Try all of it."""
    from urllib.parse import quote

    with ground.report.item("open redirect: next= of who is logged in already") as item:
        visitor = ground.visitor("viewer")
        for place in PLACES:
            answer = visitor.get(f"/login/?next={quote(place)}")
            item.hold(answer.status == 302 and not answer.leads_away, f"{place!r}: {answer.place}")
            twice = visitor.get(f"/login/?next={quote(quote(place))}")
            item.hold(not twice.leads_away, f"{place!r} encoded twice: {twice.place}")
    with ground.report.item("open redirect: next= in the log-in itself") as item:
        ground.new_person("led")
        for place in PLACES[:6]:
            form = {"username": "led", "password": worlds.PASSWORD, "next": place}
            answer = ground.stranger("198.51.100.80").post("/login/", form)
            item.hold(answer.status == 302 and not answer.leads_away, f"{place!r}: {answer.place}")
    with ground.report.item("open redirect: next= of the password asked for again") as item:
        for place in PLACES[:4]:
            form = {"password": worlds.PASSWORD, "next": place}
            answer = ground.visitor("led").post("/me/confirm/", form)
            item.hold(answer.status == 302 and not answer.leads_away, f"{place!r}: {answer.place}")
    with ground.report.item("open redirect: the page that a request says it came from") as item:
        for place in PLACES:
            said = place.encode("ascii", "replace").decode().translate({9: "", 10: "", 1: ""})
            for name in ("Referer", "HX-Current-URL"):
                given = {name.replace("-", "_"): said.strip()}
                answers = [
                    visitor.post("/me/theme/", {"theme": "dark"}, **given),
                    visitor.post("/accounts/columns/", {}, **given),
                    visitor.post("/accounts/density/", {"density": "normal"}, **given),
                    ground.stranger().get("/accounts/", HX_Request="true", **given),
                ]
                for answer in answers:
                    item.hold(not answer.leads_away, f"{name} {said!r}: {answer.place}")
