"""By each address that takes a form, what a person does there."""

import contextlib
import re
from uuid import uuid4

from allauth.usersessions.models import UserSession
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from dashboard.models import SavedView
from resellers import cases, tokens
from resellers.breaker import pause_writes
from resellers.models import (
    Account,
    Case,
    Delivery,
    DomainProposal,
    Flow,
    Operation,
    OperationState,
    PackageTemplate,
    ProductRefusal,
)
from resellers.models.contacts import PERSONAL
from resellers.notes import add_note
from resellers.notify import hooks
from resellers.people import limits
from tests import reordering, worlds
from tests.dashboard.every_address import patterns
from tests.dashboard.signin.second_factors import give_app
from tests.dashboard.submitting import OWN_SETTINGS, hidden_fields, text

HERE = "203.0.113.7"
# What people do to a case, with what they say.
WORK_ON_CASES = {
    "take": {},
    "release": {},
    "assign": {"to": "admin"},
    "snooze": {"until": "change"},
    "note": {"text": "Ask them."},
    "report": {},
    "close": {"end": "with_wix"},
    "reopen": {},
}


def routes():
    """Every address of the site, by its name."""
    return {one.name: f"/{one.pattern}" for one in patterns()}


def filled(address, **values):
    """The address with these values in it, else with ids that nothing has."""
    unknown = {"wix_id": uuid4(), "pk": 10**6, "name": "instances", "key": "status-FAILED"}
    unknown |= {"verb": "take", "kind": "site_handover", "secret": "unknown"}
    return re.sub(r"<\w+:(\w+)>", lambda found: str((unknown | values)[found[1]]), address)


def ways_of(person):
    """By name of the address, a function that does there what it is for, well and wrongly."""
    line, other = worlds.instance(), worlds.instance(floating=True)
    package, account = line.package, line.account
    Account.objects.filter(pk=account.pk).update(group="Food")
    bigger, unknown = worlds.product("Bigger Plan"), worlds.product("Mailbox")
    waiting = worlds.operation(worlds.instance(), by=person.user)
    note = add_note(package, "Called them.", by=person.user)
    refusal = ProductRefusal.objects.create(product=unknown, code="PRODUCT_NOT_FOUND")
    ended = {"account_name": account.name, "reason": "They left.", "password": worlds.PASSWORD}
    named = {name: getattr(bigger, name) for name in ("name", "service_type", "tld")}
    of_line, of_package = {"wix_id": line.pk}, {"wix_id": package.pk}
    of_account, of_site = {"wix_id": account.pk}, {"wix_id": line.site_id}
    free = ["north-bakery.example"]
    proposal = DomainProposal.objects.create(site=line.site, domains=free, by=person.user)
    addresses = routes()
    selections = [name.partition("_")[0] for name in addresses if name.endswith("_selection")]
    views = [
        SavedView.objects.create(
            noun=name.removesuffix("_view_save"), name="A", made_by=person.user
        )
        for name in addresses
        if name.endswith("_view_save")
    ]

    worlds.instance(status="FAILED")
    cases.keep()
    case = Case.objects.get()
    hook, _ = hooks.make("https://chat.agency.example/hook", ["cause.opened"], by=person.user)
    hooks.send_test(hook, by=person.user)
    call = Delivery.objects.get(webhook=hook)
    Delivery.objects.filter(pk=call.pk).update(state=Delivery.State.FAILED)
    of_hook = {"address": "https://tickets.agency.example/", "events": ["case.assigned"]}
    playbook = f"{addresses['playbook_note']}?kind=failed&failure_code=UNKNOWN"

    def post(name, about=None, /, **fields):
        address = filled(addresses[name], **(about or {}))
        return name, lambda: person.post(address, fields)

    (mine, _), (theirs, _) = (tokens.make(person.user, name, 1) for name in ("one", "two"))

    def ask(name, about, /, **fields):
        """The plan, and all that Confirm may lead to."""
        address = filled(addresses[name], **about)
        if name == "package_new":
            address += f"?account={account.pk}"

        def do():
            planned = person.post(address, fields)
            assert planned.status_code == 200, (name, text(planned))
            plan = hidden_fields(planned, "confirm")
            person.post(address, fields | {"account_name": "wrong"})
            person.post(address, fields | plan | {"plan": "f" * 64})
            assert person.post(address, fields | plan).status_code == 302
            assert person.post(address, fields | plan | {"request_id": uuid4()}).status_code != 302
            Operation.objects.update(state=OperationState.FAILED)

        return name, do

    def take(name, noun, key):
        def do():
            file = SimpleUploadedFile("list.csv", f"{key},name\n{worlds.new_id()},New\n".encode())
            run = person.post(f"/{noun}/import/", {"file": file})["Location"]
            assert person.post(run, hidden_fields(person.get(run), run)).status_code == 302

        return name, do

    def decide(name, state, before=lambda: None, /, **fields):
        def do():
            before()
            Operation.objects.filter(pk=waiting.pk).update(state=state)
            person.post(filled(addresses[name], pk=waiting.pk), fields)

        return name, do

    def stop():
        run = person.post("/mirror/sync/", {"kind": "full"})["Location"]
        person.post(f"/mirror/{re.findall('[0-9]+', run)[-1]}/stop/")

    def in_bulk(name, *before, **fields):
        """The plan of a failed service, and what is decided about it once `before` was."""

        def do():
            sent = {"id": reordering.failed().pk}
            run = person.post("/bulk/new/?kind=order_again", sent)["Location"]
            for verb in (*before, name.removeprefix("bulk_")):
                if verb != "new":
                    person.post(f"{run}{verb}/", fields)

        return name, do

    def in_flow(name, at="package", before=lambda flow: None, /, **fields):
        """What a person does about a flow that stands at that step, well and wrongly."""

        def do():
            flow = worlds.flow(person.user, at)
            before(flow)
            page = person.get(flow.get_absolute_url())
            address = filled(addresses[name], pk=flow.pk)
            hidden = hidden_fields(page, address)
            person.post(address, hidden | {"to": "nobody"})
            person.post(address, hidden | fields)
            person.post(address, hidden | fields)

        return name, do

    def begin_flow():
        sent = {"site": str(worlds.site().pk), "account": str(other.account_id)}
        person.post("/flows/new/site_handover/", sent)
        page = person.get("/flows/new/site_handover/")
        begun = person.post("/flows/new/site_handover/", sent | hidden_fields(page, "begin"))
        assert begun.status_code == 302, text(begun)

    def mail_owner():
        Account.objects.filter(pk=account.pk).update(email="owner@bakery.example")
        post("site_domains_mail", of_site | {"pk": proposal.pk})[1]()

    def read_long_ago(flow):
        Account.objects.filter(pk=flow.site.account_id).update(sites_checked_at=None)

    def stopped(flow):
        Flow.objects.filter(pk=flow.pk).update(state="stopped")

    def paused(flow):
        Flow.objects.filter(pk=flow.pk).update(state="paused")

    def remove_file():
        sent = {"query": "", "request_id": uuid4(), "profile": "machine"}
        person.post(f"{person.post('/sites/export/', sent)['Location']}remove/")

    def pause():
        pause_writes("Wix does not accept the key.")

    leaver = worlds.user("viewer", "leaver")
    of_leaver = {"pk": leaver.pk}
    reset = post("person_factors_reset", of_leaver)[1]

    def end_sessions():
        client = Client()
        client.force_login(leaver)
        client.get("/reports/")
        UserSession.objects.create(
            user=leaver, session_key=client.session.session_key, ip=HERE, user_agent=""
        )
        post("person_sessions_end", of_leaver)[1]()

    def lift():
        with contextlib.suppress(limits.TooManyTries):
            for _ in range(6):
                limits.begin("somebody", None)
        post("hold_lift", {"pk": limits.held().get().pk})[1]()

    attention = OperationState.NEEDS_ATTENTION
    services = ("instances", "failed-services", "domains")
    of_template = {"name": "Usual", "line-0-product": f"{bigger.pk}|1 YEAR"}
    template = PackageTemplate.objects.create(name="Usual shop", made_by=person.user)
    contact = worlds.contact(account)
    of_contact = of_account | {"pk": contact.pk}
    person_behind = {name: getattr(contact, name) for name in PERSONAL}
    order = {"lines": "1", "lines-0-target_product": bigger.pk, "lines-0-country": "DE"}
    return [
        ask("instance_assign", {"wix_id": other.pk}, target_site=worlds.site(other.account).pk),
        ask("instance_unassign", of_line),
        ask("instance_reassign", of_line, target_site=worlds.site(account).pk),
        ask("instance_adjust", of_line, target_product=bigger.pk, cycle="1 YEAR"),
        ask("instance_cancel", of_line, **ended),
        ask("package_cancel", of_package, **ended),
        ask("package_external_id", of_package, external_id="order-anew"),
        ask("package_new", {}, **order, **{"lines-0-cycle": "1 YEAR"}, external_id="order-new"),
        ("flow_new", begin_flow),
        in_flow("flow_answer", order_nothing="1"),
        in_flow("flow_confirm", "transfer"),
        in_flow("flow_retry", "transfer", stopped),
        in_flow("flow_look", "transfer", stopped),
        in_flow("flow_read", "transfer", read_long_ago),
        in_flow("flow_pause"),
        in_flow("flow_resume", "package", paused),
        in_flow("flow_hand", to=worlds.user("operator", "ben").username),
        in_flow("flow_give_up", why="They left."),
        in_flow("flow_note", text="They called."),
        post("me_page", **OWN_SETTINGS | {"name": "Somebody"}),
        post("account_edit", of_account, name="Renamed", group="Food"),
        post("template_new", **of_template),
        post("template_edit", {"pk": template.pk}, **of_template | {"name": "Another"}),
        post("template_remove", {"pk": template.pk}),
        post("contact_new", of_account, **person_behind),
        post("contact_edit", of_contact, **person_behind | {"city": "Klaipeda"}),
        post("contact_export", of_account),
        post("contact_erase", of_contact),
        post("product_new", product_id=worlds.new_id(), name="New", cycles="1 YEAR"),
        post("product_page", {"wix_id": bigger.pk}, **named | {"name": "Biggest"}, cycles="1 YEAR"),
        post("refusal_clear", {"pk": refusal.pk}),
        *(post(f"{noun}_row_refresh", of_line) for noun in services),
        post("packages_row_refresh", of_package),
        post("accounts_row_refresh", of_account),
        post("sites_row_refresh", {"wix_id": line.site_id}),
        post("packages_refresh", id=package.pk),
        *(post(f"{noun}_refresh", id=line.pk) for noun in services),
        *(
            post(name, query="", request_id=uuid4(), profile="machine")
            for name in addresses
            if name.endswith("_background")
        ),
        ("export_remove", remove_file),
        *(post(f"{noun}_selection", id=line.pk, all="1") for noun in selections),
        *(post(f"{one.noun}_view_save", name="B", audience="mine") for one in views),
        *(
            post(f"{one.noun}_view_change", {"pk": one.pk}, name="C", audience="team")
            for one in views
        ),
        post("account_refresh", of_account),
        post("package_refresh", of_package),
        post("instance_refresh", of_line),
        post("site_refresh", of_site),
        post("account_note", of_account, text="A word."),
        post("package_note", of_package, text="A word."),
        post("instance_note", of_line, text="A word."),
        *(
            post("case_work", {"verb": verb}, id=case.pk, **said)
            for verb, said in WORK_ON_CASES.items()
        ),
        post("case_pin", {"pk": case.pk}),
        ("playbook_note", lambda: person.post(playbook, {"text": "Call them."})),
        post("note_pin", {"pk": note.pk}),
        post("note_unpin", {"pk": note.pk}),
        post("site_domains_propose", of_site, suggested=free, domains=free),
        post("site_domains_choose", of_site | {"pk": proposal.pk}, domain=free[0]),
        ("site_domains_mail", mail_owner),
        take("catalog_import_page", "catalog", "product_id"),
        take("catalog_import_run", "catalog", "product_id"),
        take("accounts_import_page", "accounts", "account_id"),
        take("accounts_import_run", "accounts", "account_id"),
        in_bulk("bulk_new"),
        in_bulk("bulk_choose", out="1"),
        in_bulk("bulk_confirm"),
        in_bulk("bulk_pause", "confirm"),
        in_bulk("bulk_resume", "confirm", "pause"),
        in_bulk("bulk_stop", "confirm"),
        in_bulk("bulk_again", request_id=uuid4(), everything="1"),
        post("mirror_sync", kind="incremental"),
        ("run_stop", stop),
        decide("operation_retry", attention, pause),
        post("resume_writes"),
        decide("operation_withdraw", OperationState.QUEUED),
        decide("operation_look_again", attention),
        decide("operation_finish", attention, succeeded="yes", note="Seen to at Wix."),
        post("read_only_set", reason="An audit."),
        post("read_only_lift"),
        post("reasons_set", kinds=["assign"]),
        post("second_factor_set", roles=["manager"]),
        post("people_invite", username="newcomer", role="viewer"),
        post("person_role", of_leaver, role="operator"),
        post("person_scope", of_leaver, limited="some", groups=["Food"]),
        post("view_as", role="viewer"),
        post("view_as_end"),
        post("person_link", of_leaver),
        ("person_factors_reset", lambda: give_app(leaver) and reset()),
        ("person_sessions_end", end_sessions),
        ("hold_lift", lift),
        post("person_deactivate", of_leaver),
        post("person_reactivate", of_leaver),
        post("my_tokens", name="nightly report", days=30),
        post("my_token_revoke", {"pk": mine.pk}),
        post("token_revoke", {"pk": theirs.pk}),
        post("webhook_list", **of_hook),
        post("webhook_page", {"pk": hook.pk}, address=hook.address, events=["case.assigned"]),
        post("webhook_secret", {"pk": hook.pk}),
        post("webhook_test", {"pk": hook.pk}),
        post("delivery_again", {"pk": call.pk}),
        post("webhook_remove", {"pk": hook.pk}),
    ]
