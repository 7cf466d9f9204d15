"""Pages by their names, and what can be asked for without saying of what."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.frame.context import Frame
from dashboard.frame.staff import StaffRequest
from dashboard.lists.declaration import List
from dashboard.pages.accounts.list import ACCOUNTS
from dashboard.pages.instances.list import INSTANCES
from dashboard.pages.operations.list import OPERATIONS
from dashboard.pages.packages.list import PACKAGES
from dashboard.pages.sites.list import SITES
from resellers import formats
from resellers.flows.kinds import FLOW_KINDS
from resellers.operations.preflight import CHANGE, LOOKS_ONLY
from resellers.texts import Text

from .hits import Aside, Hit

MAY_NOT_READ = gettext_lazy("Your role may look, but not have Wix read.")
MAY_NOT_EXPORT = gettext_lazy("Your role may not export.")
EXPORTED: tuple[tuple[Text, List], ...] = (
    (gettext_lazy("services"), INSTANCES),
    (gettext_lazy("customers"), ACCOUNTS),
    (gettext_lazy("packages"), PACKAGES),
    (gettext_lazy("sites"), SITES),
    (gettext_lazy("operations"), OPERATIONS),
)


def is_begun(text: str, label: str) -> bool:
    """Whether each word of the text begins a word of the label."""
    words = label.casefold().split()
    typed = text.casefold().split()
    return bool(typed) and all(any(word.startswith(one) for word in words) for one in typed)


def pages(frame: Frame, text: str = "") -> list[Hit]:
    """The pages of this person's menu, of which a text names some."""
    # Most texts name none, and for those the menu's counts need not be read.
    if text and not any(is_begun(text, label) for label in frame.menu_labels):
        return []
    found = []
    for _group, entries in frame.menu:
        for entry in entries:
            if text and not is_begun(text, str(entry.label)):
                continue
            count = "" if entry.count is None else formats.number(entry.count)
            found.append(Hit(str(entry.label), "", entry.path, entry.icon, Aside(count)))
    return found


def commands(request: StaffRequest, frame: Frame, text: str = "") -> list[Hit]:
    """What can be asked for at once: with a text what it names, and why what may not be; without
    one, what this person may."""
    if not text:
        return [hit for hit in [_sync_now(request, frame)] if not hit.reason]
    # Made only where it is named: whether everything would be read costs a statement to know.
    sync = [_sync_now(request, frame)] if is_begun(text, _("Sync now")) else []
    return (
        sync
        + _flows(request, text)
        + [hit for hit in _others(request) if is_begun(text, str(hit.title))]
    )


def _sync_now(request: StaffRequest, frame: Frame) -> Hit:
    kind = "incremental" if frame.figures.mirror_whole_at else "full"
    return Hit(
        _("Sync now"),
        _("Read from Wix what changed") if kind == "incremental" else _("Read everything from Wix"),
        reverse("mirror_sync"),
        "sync",
        reason="" if request.user.has_perm("resellers.sync") else MAY_NOT_READ,
        posts=("kind", kind),
    )


def _flows(request: StaffRequest, text: str) -> list[Hit]:
    why = "" if request.user.has_perm(CHANGE) else str(LOOKS_ONLY)
    return [
        Hit(
            str(kind.label),
            str(kind.caption),
            reverse("flow_new", args=[name]),
            kind.icon,
            reason=why,
        )
        for name, kind in FLOW_KINDS.items()
        if is_begun(text, str(kind.label))
    ]


def _others(request: StaffRequest) -> Iterable[Hit]:
    why = "" if request.user.has_perm("resellers.export") else MAY_NOT_EXPORT
    for noun, list_ in EXPORTED:
        if list_.permission and not request.user.has_perm(list_.permission):
            continue
        yield Hit(
            _("Export %(noun)s") % {"noun": noun},
            _("All of them, as CSV"),
            list_.export_path,
            "download",
            reason=why,
        )
    yield Hit(_("Keyboard shortcuts"), "", reverse("keys_page"), "keys")
    yield Hit(_("Log out"), "", reverse("logout"), "out", posts=("next", ""))
