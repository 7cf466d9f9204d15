"""The sites of the believable world: one to three an account, and now and then a peculiar one."""

from __future__ import annotations

from typing import Any

from ..world.clock import DAY, HOUR
from ..world.entities import Account, Site
from ..world.slugs import slug
from .context import AccountSites, SeedContext

PURPOSES = ("", "Aktion", "Relaunch")
PARENT, CHILD = "PARENT", "CHILD"
EDITORS = ("EDITOR", "EDITOR", "STUDIO", "EDITORX", "ADI", "ODEDITOR")


class SiteMaker:
    """Makes one account's sites after the other's; `all` holds what was made."""

    def __init__(self, context: SeedContext) -> None:
        self.context = context
        self.all: list[Site] = []
        self._names: dict[str, int] = {}

    def sites_of(self, account: Account, address: str, number: int) -> AccountSites:
        """The sites of the account of that number, their names made from `address`."""
        count = 1 if number % 4 == 0 else 3 if number % 20 == 5 else 2
        has_folder = account.parent_id is None or number % 7 == 2
        folder = self.context.id("folder") if has_folder else None
        sites = [
            self._site(
                account,
                address,
                PURPOSES[place],
                published=place == 0 or number % 5 != 2,
                folder_id=folder,
                parent_child_role=(CHILD if place else PARENT) if count == 3 else None,
                # Bought from Wix by its owner: nothing of the reseller's stands there.
                premium=count == 3 and place == 2 and number % 40 == 25,
            )
            for place in range(count)
        ]
        plan_sites = sites[: max(1, count - 1)] if number % 10 != 9 else []
        if number % 12 == 3:
            trashed = self.context.random_past(DAY, 40 * DAY)
            self._site(account, address, "alt", trashed=trashed, published=False)
        if number % 12 == 6:
            self._site(account, address, "App", namespace="HEADLESS", editor="EDITORLESS")
        if number % 40 == 11:
            self._site(account, address, "gesperrt", blocked=True)
        return AccountSites(account, sites, plan_sites)

    def _site(self, account: Account, address: str, purpose: str, **traits: Any) -> Site:
        random = self.context.random
        created = account.created + random.randrange(HOUR, 20 * DAY)
        site = Site(
            id=self.context.id("site"),
            html_app_id=self.context.id("html app"),
            account_id=account.id,
            name=self._free_name(address, purpose),
            display_name=" · ".join(filter(None, (account.name or address, purpose))),
            created=created,
            updated=random.randrange(created, self.context.anchor),
            **{"editor": random.choice(EDITORS), **traits},
        )
        self.all.append(site)
        return site

    def _free_name(self, address: str, purpose: str) -> str:
        wanted = slug(f"{address} {purpose}").ljust(4, "0")
        name = start = wanted[:20].rstrip("-")
        while name in self._names:
            self._names[start] += 1
            number = self._names[start]
            name = f"{wanted[: 19 - len(str(number))].rstrip('-')}-{number}"
        self._names[name] = 1
        return name
