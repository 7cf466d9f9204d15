"""Order failed services once more: each as it was meant, in a package of its own."""

from collections import Counter
from collections.abc import Collection, Sequence
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from resellers.models import Account, InstanceStatus, PlannedChange, ProductInstance
from resellers.refusals import explain_status

from ..foreseen import GONE_FROM_WIX, Foreseen, foreseen, in_use, limit_refusals
from ..order_again import lines_again_of, new_external_id
from ..order_wish import CreatePackageWish
from ..plan import Outline, make_outlines
from ..reorders import NOTHING, OrderedAgain, hopeless, ordered_again, reordered_words
from ..wish import JsonObject
from .verb import Draft, Verb, VerbWords

Outcome = PlannedChange.Outcome


class OrderAgain(Verb[Account]):
    """A package of its own for each failed service that nobody has ordered again yet."""

    name = "order_again"
    kind = "create_package"
    calls = 4  # its package is looked for by name and, once it shows, by its id
    words = VerbWords(
        label=_("Order again"),
        title=_("Order again what failed"),
        running=_("Ordering again what failed"),
        will=_("will be ordered"),
        done=_("ordered"),
        now=_("being ordered"),
        before=_("How it failed"),
        after=_("What is ordered"),
        unchanged=_("alive, or ordered again already"),
    )

    def load(self, ids: Collection[UUID]) -> Sequence[ProductInstance]:
        services = ProductInstance.objects.filter(pk__in=ids)
        related = services.select_related("product", "account", "package", "site")
        whole = ("raw", "account__raw", "package__raw", "site__raw")
        return list(related.defer(*whole).order_by("id"))

    def draft(self, records: Sequence[ProductInstance]) -> Sequence[Draft[Account]]:
        ordered = ordered_again(records)
        lines = lines_again_of(records)
        wished = [
            (one.account, CreatePackageWish(new_external_id(), (lines[one.pk],)))
            for one in records
            if one.is_failed
            and _refused(one) is None
            and not ordered.get(one.pk, NOTHING).in_effect
        ]
        outlines = {
            outline.about.instance_id: outline
            for outline in make_outlines(wished)
            if outline.about.instance_id
        }
        used, planned = in_use([one.product for one in records]), Counter[UUID]()
        drafts = []
        for one in records:
            past, outline = ordered.get(one.pk, NOTHING), outlines.get(one.pk)
            refusals = list(outline.refusals) if outline else []
            if outline and not refusals:
                more = planned[one.product_id] + 1
                refusals = limit_refusals(one.product, more=more, known=used)
            drafts.append(self._draft(one, past, outline, refusals))
            planned[one.product_id] += drafts[-1].outcome == Outcome.PLANNED
        return drafts

    def _draft(
        self,
        service: ProductInstance,
        past: OrderedAgain,
        outline: Outline[Account] | None,
        refusals: Sequence[Foreseen],
    ) -> Draft[Account]:
        about = (f"instance:{service.pk}", service.account, service)
        before = self.before(service)
        if past.in_effect:
            words = reordered_words(past.in_effect)
            why = f"{words[:1].upper()}{words[1:]}."
            return Draft(*about, Outcome.UNCHANGED, before, code="ORDERED_AGAIN", why=why)
        if service.gone_at is None and not service.is_failed:
            words = f"It is {explain_status(service.status).word_within}."
            why = f"{words} Only what failed is ordered again."
            return Draft(*about, Outcome.UNCHANGED, before, code="NOT_FAILED", why=why)
        refusal = _refused(service) or next(iter(refusals), None)
        if refusal or outline is None:
            assert refusal is not None
            why = f"{refusal.words} {refusal.next_step}".strip()
            return Draft(*about, Outcome.REFUSED, before, code=refusal.code, why=why)
        return Draft(
            *about,
            Outcome.PLANNED,
            before,
            wish=outline.wish,
            rows=outline.rows,
            fingerprint=outline.fingerprint,
        )

    def before(self, record: ProductInstance) -> JsonObject:
        return {
            "status": record.status,
            "failure_code": record.failure_code,
            "product_id": str(record.product_id),
            "site_id": str(record.site_id or ""),
            "gone": record.gone_at is not None,
        }

    def moved(self, record: ProductInstance, before: JsonObject) -> str:
        if record.gone_at is not None:
            return GONE_FROM_WIX
        if record.status != before["status"]:
            return f"It is {explain_status(record.status).word_within} by now."
        return "It has changed at Wix since the plan was made."

    def thing_of(self, record: ProductInstance) -> Account:
        return record.account

    def record_id(self, change: PlannedChange) -> UUID:
        assert change.instance_id is not None
        return change.instance_id

    def sides(self, change: PlannedChange) -> tuple[str, str]:
        code = str(change.before.get("failure_code") or "")
        status = str(change.before.get("status") or "")
        before = str(explain_status(status).word)
        if status == InstanceStatus.FAILED:
            before = code.replace("_", " ").capitalize() if code else "No code"
        return before, "; ".join(after for *_, after in change.rows)


def _refused(service: ProductInstance) -> Foreseen | None:
    """Why this service is not ordered again with others, whatever is held of its product."""
    if service.gone_at is not None:
        return foreseen("PRODUCT_INSTANCE_NOT_FOUND", field="", detail=GONE_FROM_WIX)
    return hopeless(service)
