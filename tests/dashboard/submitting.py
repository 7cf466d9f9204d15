"""What a browser would send: the fields of a form as the page has them."""

from html.parser import HTMLParser

from django.http import HttpResponse


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, str]] = []
        self.within: list[set[str]] = []

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        if tag == "form":
            self.forms.append({})
            self.within.append({told.get("id") or "", told.get("action") or ""})
        elif tag == "input" and told.get("type") == "hidden" and self.forms:
            self.forms[-1][told["name"]] = told.get("value", "")


def hidden_fields(answer: HttpResponse, form: str) -> dict[str, str]:
    """The hidden fields of the form with that id or action; LookupError where there is none."""
    page = _Forms()
    page.feed(answer.content.decode())
    for fields, names in zip(page.forms, page.within, strict=True):
        if form in names:
            return fields
    raise LookupError(f"no form {form!r} on this page")


def text(answer: HttpResponse) -> str:
    """The words of the page's main part, or of a part: no tags, single spaces.

    What stands around is left out, above all what each badge explains on every page.
    """
    page = answer.content.decode()
    _, main, rest = page.partition("<main")
    words = _Words()
    words.feed(main + rest.partition("</main>")[0] if main else page)
    return " ".join(" ".join(words.told).split())


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.told: list[str] = []

    def handle_data(self, data):
        self.told.append(data)
