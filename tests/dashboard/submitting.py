"""What a browser would send: the fields of a form as the page has them."""

from html.parser import HTMLParser

from django.http import HttpResponse

# What /me/ sends for who has chosen nothing.
OWN_SETTINGS = {
    "name": "",
    "zone": "",
    "days": "words",
    "thousands": "comma",
    "theme": "system",
    "density": "normal",
    "shortcuts": "on",
    "delimiter": "comma",
    "breaks": "kept",
    "email": "",
    "digest": "on",
    "hour": "7",
    "mail_assigned": "at_once",
    "mail_mentioned": "at_once",
    "mail_regressed": "at_once",
    "mail_escalated": "at_once",
    "mail_cause": "digest",
    "mail_bulk": "never",
    "mail_export": "never",
    "mail_flow": "at_once",
}


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, str]] = []
        self.within: list[set[str]] = []

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if tag == "form":
            self.forms.append({})
            self.within.append({attributes.get("id") or "", attributes.get("action") or ""})
        elif tag == "input" and attributes.get("type") == "hidden" and self.forms:
            self.forms[-1][attributes["name"]] = attributes.get("value", "")


def hidden_fields(answer: HttpResponse, form: str) -> dict[str, str]:
    """The hidden fields of the form with that id or action; LookupError where there is none."""
    page = _Forms()
    page.feed(answer.content.decode())
    for fields, names in zip(page.forms, page.within, strict=True):
        if form in names:
            return fields
    raise LookupError(f"no form {form!r} on this page")


class _Controls(HTMLParser):
    """What the controls of one form hold that a browser sends: none that is disabled."""

    def __init__(self, action: str) -> None:
        super().__init__()
        self.action = action
        self.found: list[dict[str, str]] = []
        self.sent: dict[str, str] | None = None
        self.area = ""
        self.options: list[tuple[str, bool, bool]] | None = None

    def handle_starttag(self, tag, attrs):
        attributes = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.sent = {} if attributes.get("action") == self.action else None
            if self.sent is not None:
                self.found.append(self.sent)
        elif self.sent is None or ("disabled" in attributes and tag != "option"):
            return
        elif tag == "input":
            if attributes.get("type") not in ("radio", "checkbox") or "checked" in attributes:
                self.sent[attributes["name"]] = attributes.get("value", "")
        elif tag == "textarea":
            self.area = attributes["name"]
            self.sent[self.area] = ""
        elif tag == "select":
            self.name, self.options = attributes["name"], []
        elif tag == "option" and self.options is not None:
            self.options.append(
                (attributes["value"], "selected" in attributes, "disabled" in attributes)
            )

    def handle_data(self, data):
        if self.area and self.sent is not None:
            self.sent[self.area] += data

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.area = ""
        elif tag == "select" and self.options is not None and self.sent is not None:
            # The last one selected; without any, the first that is not disabled.
            selected = [option for option in self.options if option[1]]
            value, _, disabled = (selected[::-1] or [o for o in self.options if not o[2]])[0]
            if not disabled:
                self.sent[self.name] = value
            self.options = None
        elif tag == "form":
            self.sent = None


def pressed_again(answer: HttpResponse, action: str) -> dict[str, str]:
    """All that a browser sends when the form with that action is submitted as the page has it."""
    page = _Controls(action)
    page.feed(answer.content.decode())
    return page.found[0]


def text(answer: HttpResponse) -> str:
    """The words of the page's main part, or of a part: no tags, single spaces.

    What stands around is left out, above all what each badge explains on every page.
    """
    page = answer.content.decode()
    _, main, rest = page.partition("<main")
    words = _Words()
    words.feed(main + rest.partition("</main>")[0] if main else page)
    return " ".join(" ".join(words.texts).split())


def plan_of(client, case, **more):
    """What a person confirms: the hidden fields of the plan's form."""
    answer = client.post(case.address, case.fields | more)
    assert answer.status_code == 200, text(answer)
    return hidden_fields(answer, "confirm")


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.is_apart = True
        self.is_mail = False

    def handle_starttag(self, tag, attrs):
        # An age, and whom to write to, stand in a sentence as its other words do.
        self.is_mail = (dict(attrs).get("href") or "").startswith("mailto:")
        self.is_apart = self.is_apart or not (tag == "time" or self.is_mail)

    def handle_endtag(self, tag):
        self.is_apart = self.is_apart or not (tag == "time" or self.is_mail)
        self.is_mail = False

    def handle_data(self, data):
        if self.is_apart:
            self.texts.append(data)
        else:
            self.texts[-1] += data
        self.is_apart = False
