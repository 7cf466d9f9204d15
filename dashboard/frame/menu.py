"""The menu: where one can go, what waits there, and where one is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from dashboard.components import ages
from dashboard.components.addresses import page_address

# The figures of what of the operations somebody has to look at.
NEED_A_PERSON = ("attention", "amiss", "drifted")


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One line of the menu; `tone` marks a count that wants somebody."""

    label: str
    icon: str
    path: str
    count: int | None = None
    tone: str = ""
    current: str = ""
    oldest: SafeString | str = ""  # how long the oldest of them has been so


class Menu:
    """The groups of the menu for this person on the page at this path."""

    def __init__(self, path: str, user: Any, counts: dict[str, Any], *, new_files: int = 0) -> None:
        self._path, self._user, self._counts = path, user, counts
        self._new_files = new_files

    @property
    def groups(self) -> list[tuple[str, list[MenuEntry]]]:
        """Each group with its entries; the first has no name."""
        counts = self._counts
        return [
            (
                "",
                [self._entry(_("Overview"), "home", "overview"), self._failures, self._operations],
            ),
            (
                _("Browse"),
                [
                    self._entry(_("Customers"), "people", "account_list", counts.get("accounts")),
                    self._entry(_("Services"), "layers", "instance_list", counts.get("instances")),
                    self._floating,
                    self._entry(_("Packages"), "box", "package_list", counts.get("packages")),
                    self._entry(_("Sites"), "window", "site_list", counts.get("sites")),
                    self._entry(_("Domains"), "globe", "domain_list"),
                ],
            ),
            (
                _("Work"),
                [
                    self._entry(_("Bulk changes"), "bulk", "bulk_list"),
                    self._flows,
                    self._entry(_("Reports"), "bars", "report_list"),
                    *self._files,
                ],
            ),
            (
                _("Set up"),
                [
                    self._entry(_("Products"), "tag", "product_list", counts.get("catalog")),
                    self._entry(_("Sync"), "sync", "mirror_list"),
                    *self._for_managers,
                    *self._for_admins,
                ],
            ),
        ]

    @property
    def _failures(self) -> MenuEntry:
        open_ = self._counts.get("failures")
        return self._entry(
            _("Failures"), "inbox", "failure_list", open_ or None, tone="bad" if open_ else ""
        )

    @property
    def _operations(self) -> MenuEntry:
        open_ = self._counts.get("operations_open")
        waiting = any(self._counts.get(f"operations_{why}") for why in NEED_A_PERSON)
        return self._entry(
            _("Operations"),
            "ops",
            "operation_list",
            open_ or None,
            tone="look" if waiting else "",
            # A figure leads to its rows; without one, to the whole list.
            query={"state": "open"} if open_ else None,
        )

    @property
    def _flows(self) -> MenuEntry:
        waiting = self._counts.get("flows_of_a_person")
        unfinished = self._counts.get("flows") or None
        return self._entry(
            _("Flows"), "flow", "flow_list", unfinished, tone="look" if waiting else ""
        )

    @property
    def _files(self) -> list[MenuEntry]:
        """What this person had made of lists; counted is what they have not looked at yet."""
        new = self._new_files or None
        tone = "good" if new else ""
        entry = self._entry(_("Files"), "download", "export_list", new, tone=tone)
        return [entry] if self._may("export") else []

    @property
    def _floating(self) -> MenuEntry:
        """A view of the services, not a place of its own: so it is never the current one."""
        since = self._counts.get("floating_since")
        oldest = ages.elapsed(datetime.fromisoformat(since)) if since else ""
        path = f"{page_address('instance_list')}?floating=1"
        count = self._counts.get("floating")
        return MenuEntry(_("Floating"), "floating", path, count, oldest=oldest)

    @property
    def _for_managers(self) -> list[MenuEntry]:
        return [self._entry(_("Audit log"), "audit", "audit_list")] if self._may("approve") else []

    @property
    def _for_admins(self) -> list[MenuEntry]:
        entries = [
            self._entry(_("People"), "person", "people_list"),
            self._entry(_("Settings"), "sliders", "policy_page"),
            self._entry(_("Doctor"), "doctor", "doctor_page"),
        ]
        return entries if self._may("administer") else []

    def _may(self, right: str) -> bool:
        return self._user is not None and self._user.has_perm(f"resellers.{right}")

    def _entry(
        self,
        label: str,
        icon: str,
        url_name: str,
        count: int | None = None,
        *,
        tone: str = "",
        query: dict[str, str] | None = None,
    ) -> MenuEntry:
        place = page_address(url_name)
        within = url_name != "overview" and self._path.startswith(place)
        current = "page" if self._path == place else "true" if within else ""
        path = f"{place}?{urlencode(query)}" if query else place
        return MenuEntry(label, icon, path, count, tone=tone, current=current)
