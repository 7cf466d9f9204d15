"""Make a site: blank, from a template, or as a copy of another one.

Source: Projects, Create Project; Site Actions, Duplicate Site. Wix takes no idempotency key for
either: the site is looked for by its name among the account's, and sent again only where a whole
ladder of readings does not show it. So the name is one that no site of the account has.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellers import wix
from resellers.models import Account, Operation, Site

from ..account_kind import AccountKind
from ..conflicts import Conflicts
from ..facts import Facts
from ..foreseen import Foreseen, account_refusals, own
from ..planned import About, PlanRow
from ..sentences import Sentences
from ..steps import Back, Decision, Done, Reading, Refused, Send, Sent, Stuck
from ..wish import JsonObject, Wish

NEW_SITE = "new-site:"  # of the subject: there is no id before there is a site
LONGEST = 100


@dataclass(frozen=True, slots=True)
class NewSiteSeen:
    """The ids of the account's sites that have the name."""

    sites: tuple[str, ...] = ()

    @property
    def found(self) -> bool:
        return bool(self.sites)

    def as_json(self) -> JsonObject:
        return {name: list(ids) for name, ids in asdict(self).items()}


@dataclass(frozen=True)
class CreateSiteWish(Wish[Account]):
    """A site of that name: a copy of `copy_of`, else from the template, else blank."""

    site_name: str
    template_id: str = ""
    copy_of: UUID | None = None


class CreateSite(AccountKind[CreateSiteWish, NewSiteSeen]):
    name = "create_site"
    label = gettext_lazy("New site")
    doing = "making a site for"
    done = {"make": "Made"}
    wish_class = CreateSiteWish
    noun = "site"
    touches = "New"
    seen_as = {"sites": "Sites of this name"}
    writes = "Makes sites"
    wix_permission = "Create Sites"
    ladder = "CREATE_LADDER"
    reads = "the sites of this name"
    # A site of that name which we did not make is somebody else's.
    may_be_true_already = False
    cannot_be_undone = "A site is not taken back: move it to the trash at Wix instead."

    def title(self, operation: Operation) -> str:
        return f"{self.label} {operation.wish['site_name']}"

    def sentences(self, operation: Operation) -> Sentences:
        name = operation.wish["site_name"]
        return Sentences(
            waits=_("%(name)s waits to be made") % {"name": name},
            under_way=_("%(name)s is being made") % {"name": name},
            done=_("%(name)s is made") % {"name": name},
            was_done=_("%(name)s was made") % {"name": name},
            no_more=_("%(name)s is there no more") % {"name": name},
            not_done=_("%(name)s was not made") % {"name": name},
            as_before=_("%(name)s was not made: there is no such site") % {"name": name},
            in_doubt=_("We cannot say whether %(name)s is made") % {"name": name},
            neither=_("%(name)s is not as asked for") % {"name": name},
        )

    def plan_moved(self) -> str:
        return "Wix has a site of this name by now, so none was made."

    def about(self, thing: Account, wish: CreateSiteWish) -> About:
        return About(f"{NEW_SITE}{wish.site_name}"[:120], thing)

    def conflicts(self, about: About | Operation) -> Conflicts:
        # Once the site is there, what is done with it may be why it is there no more.
        return Conflicts(subject=about.subject, site_id=about.site_id)

    def in_mirror(self, thing: Account, wish: CreateSiteWish) -> NewSiteSeen:
        named = thing.sites.present().filter(display_name=wish.site_name).order_by("id")
        return NewSiteSeen(tuple(str(pk) for pk in named.values_list("pk", flat=True)))

    def rows(self, thing: Account, wish: CreateSiteWish) -> Sequence[PlanRow]:
        return [PlanRow("site_name", "Site", "", f"{wish.site_name}, {_made_of(wish)}")]

    def steps(self, thing: Account, wish: CreateSiteWish) -> dict[str, str]:
        return {"make": f"Make the site {wish.site_name}, {_made_of(wish)}"}

    def obstacles(self, thing: Account, facts: Facts) -> Sequence[Foreseen]:
        return account_refusals(thing)

    def foresee(self, thing: Account, wish: CreateSiteWish) -> Sequence[Foreseen]:
        if not wish.site_name.strip() or len(wish.site_name) > LONGEST:
            words = _("A site's name has 1 to %(most)s letters.") % {"most": LONGEST}
            return [own("site_name", "INVALID_NAME", words, _("Choose another name."))]
        if self.in_mirror(thing, wish).found:
            words = _("A site of this account has this name already.")
            return [own("site_name", "NAME_TAKEN", words, _("Choose another name."))]
        source = _source(wish)
        if wish.copy_of and (source is None or not source.usable or source.account_id != thing.pk):
            words = _("Only a site of this account that can be used is copied.")
            return [own("copy_of", "SITE_NOT_FOUND", words, _("Choose another site."))]
        return []

    def read(self, operation: Operation, client: wix.WixClient) -> Reading[NewSiteSeen]:
        name = self.wish_of(operation).site_name
        page = client.query_sites(account_id=str(operation.account_id), filter={"name": name})
        sites = tuple(one for one in page.items if one.display_name == name)
        present = sorted(site.id for site in sites if not site.trashed_at)
        return Reading(NewSiteSeen(tuple(present)), page.call, sites=sites)

    def has_moved(self, operation: Operation, seen: NewSiteSeen) -> bool:
        return seen.found

    def decide(self, operation: Operation, seen: NewSiteSeen, refused: Refused | None) -> Decision:
        if len(seen.sites) > 1:
            ids = " and ".join(id_[:8] for id_ in seen.sites)
            words = (
                f"Wix shows {len(seen.sites)} sites of this name, {ids}. Look at them at Wix, "
                "and decide which one is to stay."
            )
            return Stuck(words, "made_twice")
        if seen.found:
            return Done()
        return Back() if refused else Send("make")

    def send(
        self, operation: Operation, step: str, client: wix.WixClient, idempotency_key: str
    ) -> Sent:
        wish, account_id = self.wish_of(operation), str(operation.account_id)
        if wish.copy_of:
            answer = client.duplicate_site(
                account_id=account_id,
                source_site_id=str(wish.copy_of),
                display_name=wish.site_name,
            )
            return Sent(answer.call)
        template = wish.template_id or None
        answer = client.create_project(
            account_id=account_id, name=wish.site_name, template_id=template
        )
        return Sent(answer.call)

    def result(self, seen: NewSiteSeen) -> dict[str, object]:
        return {"site_id": UUID(seen.sites[0])}

    def describe_reading(self, operation: Operation, seen: dict[str, object]) -> str:
        return "a site of this name" if seen.get("sites") else "no site of this name"


def _source(wish: CreateSiteWish) -> Site | None:
    return Site.objects.filter(pk=wish.copy_of).first() if wish.copy_of else None


def _made_of(wish: CreateSiteWish) -> str:
    if wish.copy_of:
        return f"a copy of {_source(wish) or wish.copy_of}"
    return f"from template {wish.template_id}" if wish.template_id else "blank"
