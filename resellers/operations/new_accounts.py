"""Which child accounts are new, and whose: Wix lists them by their ids alone, so it is told by when
they came, and by what its answers named."""

from collections.abc import Sequence

from resellers.models import Account, Operation, OperationAttempt


def sends(operation: Operation) -> int:
    """How often it was sent so that Wix may have made an account."""
    may_be_ours = OperationAttempt.MAYBE_CARRIED_OUT
    return operation.attempts.filter(writes=True, state__in=may_be_ours).count()


def named(operation: Operation) -> str:
    """The account that an answer of Wix named; empty where none did."""
    attempt = operation.attempts.filter(package_id__isnull=False).order_by("id").last()
    return str(attempt.package_id) if attempt else ""


def not_known_before(operation: Operation, ids: Sequence[str]) -> set[str]:
    """Those of the accounts that nobody here knew when it was asked for."""
    known = Account.objects.filter(pk__in=ids, first_seen_at__lt=operation.requested_at)
    return set(ids) - {str(pk) for pk in known.values_list("pk", flat=True)}


def made_elsewhere(operation: Operation, fresh: set[str]) -> set[str]:
    """Those that were listed before anything of ours was sent; all as long as nothing was."""
    may_be_ours = OperationAttempt.MAYBE_CARRIED_OUT
    sent = operation.attempts.filter(writes=True, state__in=may_be_ours).order_by("id").first()
    if sent is None:
        return fresh
    before = operation.attempts.filter(pk__lt=sent.pk, seen__isnull=False).order_by("id").last()
    return set(before.seen["elsewhere"]) if before and before.seen else set()


def of_others(operation: Operation, fresh: set[str]) -> set[str]:
    """Those of the accounts that Wix has named to other operations."""
    theirs = OperationAttempt.objects.filter(package_id__in=fresh).exclude(operation=operation)
    return {str(pk) for pk in theirs.values_list("package_id", flat=True)}


def others_in_doubt(operation: Operation) -> bool:
    """Whether of another account that is being made nobody can say whether it is."""
    open_ = Operation.objects.open().filter(kind=operation.kind).exclude(pk=operation.pk)
    in_doubt = OperationAttempt.IN_DOUBT
    return open_.filter(attempts__writes=True, attempts__state__in=in_doubt).exists()


def made(operation: Operation) -> str:
    """The account that came of it; empty where that cannot be told."""
    last = operation.attempts.filter(seen__isnull=False).order_by("id").last()
    accounts = last.seen["accounts"] if last and last.seen else []
    return str(accounts[0]) if len(accounts) == 1 else named(operation)
