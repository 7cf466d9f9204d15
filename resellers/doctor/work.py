"""How the work does: what Wix last answered to writes, the mirror, the breaker."""

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.db.models import Q

from resellers import policy
from resellers.clock import database_now
from resellers.durations import ago, on
from resellers.mirror import figures
from resellers.models import OperationAttempt, SyncRun, TallyCheck
from resellers.operations.kinds import KINDS

from .finding import Finding, note, ok, untried, wrong

# A 403 with another code is about one record and not about the key.
ABOUT_THE_KEY = Q(status=403, code__in=("", "PERMISSION_DENIED"))
# Each night, and a night may fail.
CHECKED_WITHIN = timedelta(hours=50)
CARRIED_OUT = Q(status__gte=200, status__lt=300)


def write_parts() -> tuple[str, ...]:
    """The sorts of writes that kinds of operation make; a right at Wix is proven by use only."""
    return tuple(dict.fromkeys(kind.writes for kind in KINDS.values()))


def look_at_writes() -> Iterator[Finding]:
    """What Wix last answered to each sort of write: nothing is written to find out."""
    for part in write_parts():
        kinds = [kind for kind in KINDS.values() if kind.writes == part]
        off = [kind.switched_off() for kind in kinds]
        if all(off):
            yield untried(part, f"Switched off: {off[0]}")
            continue
        last = (
            OperationAttempt.objects.filter(
                CARRIED_OUT | ABOUT_THE_KEY,
                writes=True,
                operation__kind__in=[kind.name for kind in kinds],
            )
            .order_by("-id")
            .first()
        )
        if last is None:
            yield untried(part, "Nothing of the kind was sent yet.")
        elif last.status == 403:
            yield wrong(
                part,
                f"Wix refused the last one on {on(last.sent_at)} (403).",
                f"Give the key the permission {kinds[0].wix_permission}; the next one settles it.",
            )
        else:
            yield ok(part, f"Yes: Wix took the last one on {on(last.sent_at)}.")


def look_at_mirror() -> Iterator[Finding]:
    """How whole the mirror is, and whether the last reading ended well."""
    part = "Mirror"
    current = figures.read()
    whole = current.mirror_whole_at
    last = SyncRun.objects.exclude(finished_at=None).order_by("-finished_at").first()
    if last is not None and last.state == SyncRun.State.FAILED:
        yield wrong(
            part,
            f"The last reading failed {ago(last.finished_at or last.requested_at)}: {last.error}",
            "See what Wix answers above; then press Sync now, or run `manage.py sync_mirror`.",
        )
    elif whole is None:
        yield wrong(part, "Wix was never read in full.", "Run `manage.py sync_mirror --full`.")
    elif database_now() - whole > timedelta(seconds=settings.MIRROR["OVERDUE_SECONDS"]):
        yield wrong(
            part,
            f"Overdue: it was last whole {ago(whole)}.",
            "Beat starts a whole reading each night: see Beat and Worker above."
            " `manage.py sync_mirror --full` reads at once.",
        )
    else:
        counts = current.counts
        held = f"{counts.get('packages', 0):,} packages, {counts.get('instances', 0):,} services"
        yield ok(part, f"Whole {ago(whole)}; it holds {held}.")


def look_at_figures() -> Iterator[Finding]:
    """When the counts that are kept were last held against the records, and what that found."""
    part = "Figures"
    last = TallyCheck.objects.exclude(checked_at=None).first()
    if last is None or last.checked_at is None:
        yield untried(part, "They were never held against the records: beat does so each night.")
    elif database_now() - last.checked_at > CHECKED_WITHIN:
        yield wrong(
            part,
            f"They were last held against the records {ago(last.checked_at)}.",
            "Beat does so each night: see Beat and Worker above.",
        )
    elif last.wrong:
        lines = "; ".join(last.found)
        yield wrong(
            part,
            f"The check {ago(last.checked_at)} found {last.wrong:,} records counted wrongly, and"
            f" mended it: {lines}",
            "They are right now. Once may be chance, where a customer changed groups at the moment"
            " of an order; twice is a fault of ours: report it.",
        )
    else:
        before = f"; wrong last on {on(last.wrong_at)}" if last.wrong_at else ""
        yield ok(part, f"Held against the records {ago(last.checked_at)}: all right{before}.")


def look_at_breaker() -> Iterator[Finding]:
    """Whether writes go out."""
    rules = policy.current()
    if rules.writes_paused:
        since = f" since {on(rules.paused_at)}" if rules.paused_at else ""
        yield wrong(
            "Writing",
            f"All writes are paused{since}: {rules.paused_reason}",
            "Give the dashboard a key that Wix accepts, which resumes them; with the same key a"
            " manager must press Resume.",
        )
    elif rules.read_only:
        since = f" since {on(rules.read_only_since)}" if rules.read_only_since else ""
        yield note(
            "Writing",
            f"Made read-only by {rules.read_only_by}{since}: {rules.read_only_reason}",
            "An admin lifts it on the page Policy.",
        )
    else:
        yield ok("Writing", "Writes go out.")
