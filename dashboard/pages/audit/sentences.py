"""An entry of the audit trail as one sentence: who did what, or what came of what was asked for."""

from collections.abc import Mapping
from typing import Any

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.components.people import person_name
from resellers import formats
from resellers.models import Operation
from resellers.operations.titles import brief_sentence, kind_label, operation_title
from resellers.refusals import explain_state
from resellers.texts import Text

from . import people
from .body import body_words, cut
from .events import event_words

# What a person confirmed, by the kind of the operation.
ASKED: Mapping[str, Text] = {
    "assign": gettext_lazy("%(who)s confirmed putting %(service)s on %(after)s"),
    "unassign": gettext_lazy("%(who)s confirmed taking %(service)s off %(before)s"),
    "reassign": gettext_lazy(
        "%(who)s confirmed the move of %(service)s from %(before)s to %(after)s"
    ),
    "adjust": gettext_lazy("%(who)s confirmed changing %(service)s to %(after)s"),
    "cancel_instance": gettext_lazy("%(who)s confirmed canceling %(service)s"),
}
SENTENCES: Mapping[str, Text] = {
    "operation.requested": gettext_lazy("%(who)s confirmed: %(title)s"),
    "operation.not_recorded": gettext_lazy("%(who)s could not confirm %(kind)s: %(why)s"),
    "operation.not_confirmed": gettext_lazy(
        "%(who)s typed a wrong name or password, so %(kind)s was not confirmed"
    ),
    "operation.withdrawn": gettext_lazy("%(who)s withdrew: %(title)s"),
    "operation.resumed": gettext_lazy("%(who)s had it go on: %(title)s"),
    "operation.not_resumed": gettext_lazy("%(who)s could not have %(title)s go on: %(why)s"),
    "operation.finished_by_hand": gettext_lazy("%(who)s decided how it ended: %(title)s"),
    "operation.drifted": gettext_lazy("No longer so at Wix: %(title)s"),
    "operation.drift_ended": gettext_lazy("So at Wix again: %(title)s"),
    "operation.generation_raised": gettext_lazy("A step was sent with a new key: %(title)s"),
    "operation.repeated_write_suspected": gettext_lazy("Sent to Wix more than once: %(title)s"),
    "plan.shown": gettext_lazy("%(who)s was shown a plan: %(kind)s %(service)s"),
    "bulk.planned": gettext_lazy("%(who)s was shown the plan of a bulk change: %(kind)s"),
    "bulk.confirmed": gettext_lazy("%(who)s confirmed a bulk change: %(kind)s"),
    "bulk.not_confirmed": gettext_lazy("%(who)s could not confirm a bulk change: %(why)s"),
    "bulk.not_decided": gettext_lazy("%(who)s could not decide about a bulk change: %(why)s"),
    "bulk.paused": gettext_lazy("%(who)s paused a bulk change: %(kind)s"),
    "bulk.resumed": gettext_lazy("%(who)s had a bulk change go on: %(kind)s"),
    "bulk.stopped": gettext_lazy("%(who)s stopped a bulk change: %(kind)s"),
    "bulk.skipped": gettext_lazy("Left out of a bulk change: %(why)s"),
    "bulk.ended": gettext_lazy(
        "A bulk change ended, %(carried_out)s done and %(in_vain)s not: %(kind)s"
    ),
    "flow.begun": gettext_lazy("%(who)s began flow #%(flow)s"),
    "flow.chosen": gettext_lazy("%(who)s chose in flow #%(flow)s"),
    "flow.confirmed": gettext_lazy("%(who)s confirmed in flow #%(flow)s: %(why)s"),
    "flow.asked": gettext_lazy("Flow #%(flow)s asked for %(why)s"),
    "flow.looked": gettext_lazy("%(who)s had Wix looked at for flow #%(flow)s"),
    "flow.step": gettext_lazy("Flow #%(flow)s came on: %(why)s"),
    "flow.stopped": gettext_lazy("Flow #%(flow)s stopped: %(why)s"),
    "flow.retried": gettext_lazy("%(who)s tried again in flow #%(flow)s: %(why)s"),
    "flow.paused": gettext_lazy("%(who)s paused flow #%(flow)s"),
    "flow.resumed": gettext_lazy("%(who)s resumed flow #%(flow)s"),
    "flow.handed": gettext_lazy("%(who)s handed flow #%(flow)s to %(to)s"),
    "flow.done": gettext_lazy("Flow #%(flow)s is done"),
    "flow.note": gettext_lazy("%(who)s wrote on flow #%(flow)s: %(why)s"),
    "flow.not_done": gettext_lazy("%(who)s could not go on in flow #%(flow)s: %(why)s"),
    "flow.given_up": gettext_lazy("%(who)s gave flow #%(flow)s up"),
    "breaker.opened": gettext_lazy("Changes at Wix were paused: %(reason)s"),
    "breaker.closed": gettext_lazy("%(who)s let changes at Wix go on"),
    "sync.wanted": gettext_lazy("%(who)s asked for a reading of Wix"),
    "sync.stopped": gettext_lazy("%(who)s stopped a reading of Wix"),
    "export.taken": gettext_lazy("%(who)s took %(file)s away as CSV, rows: %(rows)s"),
    "export.written": gettext_lazy("%(file)s was written to its end, rows: %(rows)s"),
    "export.asked": gettext_lazy("%(who)s asked for a file of %(list)s"),
    "export.failed": gettext_lazy("The file of %(list)s is not offered: %(why)s"),
    "export.removed": gettext_lazy("%(who)s removed the file %(file)s"),
    "policy.read_only": gettext_lazy("%(who)s made the dashboard read-only: %(reason)s"),
    "policy.read_only_lifted": gettext_lazy("%(who)s let the dashboard write again"),
    "policy.reasons_wanted": gettext_lazy("%(who)s decided what wants a reason"),
    "policy.closing_wants_reason": gettext_lazy(
        "%(who)s decided whether closing a case wants a reason"
    ),
    "person.settings_changed": gettext_lazy("%(who)s changed their own settings"),
    "access.refused": gettext_lazy("%(who)s was refused %(method)s %(path)s"),
    "key.changed": gettext_lazy("Wix is asked with the key %(key)s from now on"),
    "view_as.begun": gettext_lazy("%(who)s looks at the dashboard as %(role)s"),
    "view_as.ended": gettext_lazy("%(who)s no longer looks at the dashboard as %(role)s"),
    "person.scope": gettext_lazy("%(who)s changed which customers %(person)s may see"),
    "customer.changed": gettext_lazy("%(who)s changed the customer %(customer)s"),
    "template.made": gettext_lazy("%(who)s made the template “%(name)s”"),
    "template.changed": gettext_lazy("%(who)s changed the template “%(name)s”"),
    "template.removed": gettext_lazy("%(who)s removed the template “%(name)s”"),
    "contact.added": gettext_lazy("%(who)s wrote a contact for domains down"),
    "contact.changed": gettext_lazy("%(who)s changed a contact for domains"),
    "contact.erased": gettext_lazy("%(who)s erased a contact for domains"),
    "contacts.exported": gettext_lazy("%(who)s took contacts for domains away: %(contacts)s"),
    "product.added": gettext_lazy("%(who)s added the product %(product)s"),
    "product.changed": gettext_lazy("%(who)s changed the product %(product)s"),
    "product.refusal_cleared": gettext_lazy(
        "%(who)s cleared what Wix had refused of %(product)s: %(code)s"
    ),
    "product.refusal_disproved": gettext_lazy(
        "Wix has taken what it had refused of %(product)s: %(code)s"
    ),
    "import.shown": gettext_lazy("%(who)s looked at what %(file)s would change"),
    "catalog.imported": gettext_lazy("%(who)s imported the catalogue from %(file)s"),
    "customers.imported": gettext_lazy("%(who)s imported customers from %(file)s"),
    "domains.proposed": gettext_lazy("%(who)s put before the owner: %(domains)s"),
    "domains.mailed": gettext_lazy("%(who)s had domains mailed to the site's owner"),
    "domains.chosen": gettext_lazy("%(who)s noted that the owner chose %(domain)s"),
    "view.saved": gettext_lazy("%(who)s saved the view “%(name)s”"),
    "view.changed": gettext_lazy("%(who)s changed the view “%(name)s”"),
    "view.deleted": gettext_lazy("%(who)s deleted the view “%(name)s”"),
    "note.added": gettext_lazy("%(who)s wrote a note: %(text)s"),
    "note.pinned": gettext_lazy("%(who)s pinned a note"),
    "note.unpinned": gettext_lazy("%(who)s unpinned a note"),
    "case.taken": gettext_lazy("%(who)s took a case"),
    "case.assigned": gettext_lazy("%(who)s gave a case to %(to)s"),
    "case.released": gettext_lazy("%(who)s gave a case back"),
    "case.snoozed": gettext_lazy("%(who)s snoozed a case"),
    "case.closed": gettext_lazy("%(who)s closed a case"),
    "case.reopened": gettext_lazy("%(who)s opened a case again"),
    "case.note": gettext_lazy("%(who)s wrote on a case: %(words)s"),
    "case.reported": gettext_lazy("%(who)s reported a case to Wix"),
    "case.pinned": gettext_lazy("%(who)s pinned a note of a case"),
    "case.unpinned": gettext_lazy("%(who)s unpinned a note of a case"),
    "cause.noted": gettext_lazy("%(who)s wrote down for the team, on %(code)s: %(text)s"),
    "token.made": gettext_lazy("%(who)s made the token “%(name)s”"),
    "token.revoked": gettext_lazy("%(who)s revoked the token “%(name)s” of %(person)s"),
    "token.refused": gettext_lazy("A call with the token “%(name)s” was refused: %(why)s"),
    "webhook.made": gettext_lazy("%(who)s made a webhook to %(address)s"),
    "webhook.changed": gettext_lazy("%(who)s changed the webhook to %(address)s"),
    "webhook.secret_renewed": gettext_lazy(
        "%(who)s renewed the secret of the webhook to %(address)s"
    ),
    "webhook.removed": gettext_lazy("%(who)s removed the webhook to %(address)s"),
    "webhook.tested": gettext_lazy("%(who)s tested the webhook to %(address)s"),
    "webhook.sent_again": gettext_lazy("%(who)s sent again to the webhook to %(address)s"),
    **people.SENTENCES,
}
# What was asked for came to this, by the event.
ENDS = {
    "operation.succeeded": "succeeded",
    "operation.failed": "failed",
    "operation.rolled_back": "rolled_back",
    "operation.canceled": "canceled",
    "operation.needs_attention": "needs_attention",
}


def sentence(entry: Any) -> SafeString:
    """What happened, in the words of one line; the event itself where the entry lacks something."""
    operation: Operation | None = entry.operation
    if entry.event in ENDS and operation:
        state = ENDS[entry.event]
        outcome = brief_sentence(operation, state)
        return format_html("<b>{}</b>: {}", explain_state(state).word, outcome)
    words: Text = SENTENCES.get(entry.event, "")
    if entry.event == "operation.requested" and operation and operation.plan.get("rows"):
        words = ASKED.get(operation.kind, words)
    if "name" in entry.body and not entry.body["name"]:
        words = people.OF_NOBODY.get(entry.event, words)
    try:
        return SafeString(str(words) % _Facts(entry)) if words else _plain(entry)
    except KeyError:
        return _plain(entry)


def who(entry: Any) -> str:
    """Whose doing it was: what came from an address, from nobody who is known, is not our own."""
    if entry.actor:
        return person_name(entry.actor)
    return entry.actor_name or (_("Nobody logged in") if entry.address else _("The system"))


def _plain(entry: Any) -> SafeString:
    return format_html("<b>{}</b>: {}", who(entry), event_words(entry.event))


class _Facts(dict[str, Any]):
    """What a sentence may name, as safe HTML. KeyError where the entry has none of it."""

    def __init__(self, entry: Any) -> None:
        super().__init__()
        self.entry = entry

    def __missing__(self, name: str) -> SafeString:
        if name == "who":
            return format_html("<b>{}</b>", who(self.entry))
        if not (found := self._found(name)):
            raise KeyError(name)
        return conditional_escape(found)

    def _found(self, name: str) -> str:
        entry, operation = self.entry, self.entry.operation
        if name == "customer":
            return entry.account_name or ""
        if name == "service":
            return entry.product_name or entry.account_name or ""
        if name == "product":
            return str(entry.product or "")
        if name == "kind":
            return kind_label(entry.body["kind"])
        if name in ("before", "after") and operation:
            side = 2 if name == "before" else 3
            return ", ".join(row[side] for row in operation.plan["rows"] if row[2] != row[3])
        if name == "title" and operation:
            return operation_title(operation)
        if name == "held":
            counted = next((one for one in people.COUNTED_OF if one in entry.body), "")
            return str(people.COUNTED_OF[counted]) % {"key": cut(str(entry.body[counted]))}
        value = entry.body[name]
        if isinstance(value, int):
            return formats.number(value)
        return cut(body_words(value))
