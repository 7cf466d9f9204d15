"""Whatever a person does, its entry in the trail says from where: every address that takes a form,
and every file that is taken away."""

import re
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import get_resolver

from resellers.breaker import pause_writes
from resellers.models import (
    AuditEntry,
    DomainProposal,
    Operation,
    OperationState,
    ProductRefusal,
    SyncRun,
)
from resellers.notes import add_note
from tests import worlds
from tests.dashboard.submitting import hidden_fields, text

pytestmark = [pytest.mark.django_db, pytest.mark.once]

HERE = "203.0.113.7"
# How one person sees lists, the way in and out, an examination of the machine: not audited.
UNAUDITED = re.compile(r"\w+_(columns|dialect)|login|logout|doctor_page|site_domains")


def routes(patterns=None, prefix="/"):
    """Every address of the site, by its name."""
    found = {}
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        address = prefix + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            found |= routes(pattern.url_patterns, address)
        else:
            found[pattern.name] = address
    return found


def filled(address, **values):
    """The address with these values in it, else with ids that nothing has."""
    unknown = {"wix_id": uuid4(), "pk": 10**6, "name": "instances", "key": "status-FAILED"}
    return re.sub(r"<\w+:(\w+)>", lambda found: str((unknown | values)[found[1]]), address)


@pytest.fixture
def person(admin):
    admin.defaults["REMOTE_ADDR"] = HERE
    return admin


@pytest.fixture
def ways(person):
    """By name of the address, a function that does there what it is for, well and wrongly."""
    line, other = worlds.instance(), worlds.instance(floating=True)
    package, account = line.package, line.account
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

    def post(name, about=None, /, **fields):
        address = filled(addresses[name], **(about or {}))
        return name, lambda: person.post(address, fields)

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

    def pause():
        pause_writes("Wix does not accept the key.")

    attention = OperationState.NEEDS_ATTENTION
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
        post("account_edit", of_account, name="Renamed"),
        post("product_new", product_id=worlds.new_id(), name="New", cycles="1 YEAR"),
        post("product_page", {"wix_id": bigger.pk}, **named | {"name": "Biggest"}, cycles="1 YEAR"),
        post("refusal_clear", {"pk": refusal.pk}),
        *(post(f"{noun}_row_refresh", of_line) for noun in ("instances", "failures")),
        post("packages_row_refresh", of_package),
        post("accounts_row_refresh", of_account),
        post("sites_row_refresh", {"wix_id": line.site_id}),
        post("packages_refresh", id=package.pk),
        *(post(f"{noun}_refresh", id=line.pk) for noun in ("instances", "failures")),
        post("account_refresh", of_account),
        post("package_refresh", of_package),
        post("instance_refresh", of_line),
        post("account_note", of_account, text="A word."),
        post("package_note", of_package, text="A word."),
        post("instance_note", of_line, text="A word."),
        post("note_pin", {"pk": note.pk}),
        post("note_unpin", {"pk": note.pk}),
        post("site_domains_propose", of_site, suggested=free, domains=free),
        post("site_domains_choose", of_site | {"pk": proposal.pk}, domain=free[0]),
        take("catalog_import_page", "catalog", "product_id"),
        take("catalog_import_run", "catalog", "product_id"),
        take("accounts_import_page", "accounts", "account_id"),
        take("accounts_import_run", "accounts", "account_id"),
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
    ]


def test_every_entry_that_a_person_leaves_by_a_form_says_from_where(person, ways):
    first = AuditEntry.objects.count()
    silent, lost = [], []
    for name, do in ways:
        SyncRun.objects.all().delete()
        before = AuditEntry.objects.count()
        do()
        left = AuditEntry.objects.filter(seq__gt=before)
        if not left.filter(actor=person.user).exists():
            silent.append(name)
        lost += [
            (name, entry.event) for entry in left.filter(actor=person.user).exclude(address=HERE)
        ]

    assert silent == [], "nothing in the trail"
    assert lost == [], "in the trail without the address"
    assert AuditEntry.objects.filter(seq__gt=first, actor=None, address__isnull=False).count() == 0


def test_no_address_that_takes_a_form_is_left_out(person, ways):
    takes = {
        name
        for name, address in routes().items()
        if not UNAUDITED.fullmatch(name) and person.post(filled(address)).status_code != 405
    }

    assert takes == {name for name, _ in ways}


def test_who_takes_a_file_away_is_known_by_address_at_its_first_byte_and_at_its_last(person):
    worlds.instance(status="FAILED")
    exports = {name: a for name, a in routes().items() if a.endswith("export.csv")}

    for address in exports.values():
        answer = person.get(filled(address))
        assert answer.status_code == 200, address
        b"".join(answer.streaming_content)

    entries = AuditEntry.objects.all()
    assert entries.filter(address=HERE, actor=person.user).count() == entries.count()
    assert entries.count() == 2 * len(exports)


def test_what_the_system_does_next_has_nobodys_address(person):
    person.post("/mirror/sync/", {"kind": "full"})

    pause_writes("Wix does not accept the key.")

    assert AuditEntry.objects.get(event="breaker.opened").address is None
