"""What an operation comes to, as sentences that head its page: subject, present tense, place."""

from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Sentences:
    """One for each way an operation may stand; none ends with a full stop.

    `done` and `as_before` are said while the mirror shows it so, `was_done` and `not_done` of what
    ended otherwise or long ago. `neither` is of a thing that is known, and as nobody asked for.
    """

    waits: str
    under_way: str
    done: str
    was_done: str
    no_more: str
    not_done: str
    as_before: str
    in_doubt: str
    neither: str


def of_ending(name: str, with_it: str = "") -> Sentences:
    """The sentences of an operation that ends what is called so, and `with_it` what it holds."""
    return Sentences(
        waits=_("%(name)s waits to be canceled") % {"name": name},
        under_way=_("%(name)s is being canceled%(with_it)s") % {"name": name, "with_it": with_it},
        done=(
            _("%(name)s is canceled%(with_it)s")
            if with_it
            else _("%(name)s is canceled: it has ended")
        )
        % {"name": name, "with_it": with_it},
        was_done=_("%(name)s was canceled%(with_it)s") % {"name": name, "with_it": with_it},
        no_more=_("%(name)s is no longer canceled") % {"name": name},
        not_done=_("%(name)s was not canceled") % {"name": name},
        as_before=_("%(name)s is not canceled") % {"name": name},
        in_doubt=_("We cannot say whether %(name)s still runs") % {"name": name},
        neither=_("%(name)s has not ended as asked") % {"name": name},
    )


def general(title: str) -> Sentences:
    """The sentences of an operation of which nothing but its title is known."""
    return Sentences(
        waits=_("%(title)s: waits to begin") % {"title": title},
        under_way=_("%(title)s: under way") % {"title": title},
        done=_("%(title)s: done") % {"title": title},
        was_done=_("%(title)s: was done") % {"title": title},
        no_more=_("%(title)s: true no more") % {"title": title},
        not_done=_("%(title)s: not done") % {"title": title},
        as_before=_("%(title)s: not done, all is as before") % {"title": title},
        in_doubt=_("%(title)s: we cannot say what came of it") % {"title": title},
        neither=_("%(title)s: neither done nor as before") % {"title": title},
    )
