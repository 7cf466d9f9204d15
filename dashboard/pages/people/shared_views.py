"""Views of lists that somebody shared who leaves: others go on using them."""

from django.contrib.auth.models import User

from dashboard.models import SavedView


def shared_views(person: User) -> int:
    """How many views of that person colleagues use, too."""
    return len(_shared(person))


def hand_over_views(person: User, to: User) -> None:
    """Have them be that colleague's; one whose name the colleague has used says whose it was."""
    for view in _shared(person):
        own = SavedView.objects.filter(made_by=to, noun=view.noun)
        name, number = view.name, 1
        while own.filter(name=name).exists():
            ending = f" ({person.get_username()}{'' if number == 1 else f' {number}'})"
            name, number = view.name[: SavedView.LONGEST_NAME - len(ending)] + ending, number + 1
        view.made_by, view.name = to, name[: SavedView.LONGEST_NAME]
        view.save(update_fields=["made_by", "name"])


def _shared(person: User) -> list[SavedView]:
    rows = SavedView.objects.filter(made_by=person).exclude(audience=SavedView.Audience.MINE)
    return list(rows.order_by("pk"))
