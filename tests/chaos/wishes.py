"""Things to ask for that Wix would not refuse, each on a package and on sites of its own."""

import time
from collections import deque
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.test import override_settings

from resellers.models import Operation
from resellers.operations.plan import Plan, make_plan
from resellers.operations.requests import request_operation
from tests import worlds

from .kinds import KINDS, Touched

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class Wishes:
    """Asks for operations in one person's name. What it has asked for stays apart until `free`."""

    def __init__(self, by: "User") -> None:
        self.by = by
        self.slowest = 0.0  # seconds that a click took
        self._packages: set[UUID] = set()
        self._sites: set[UUID] = set()
        self._queues: dict[str, deque[UUID]] = {}

    def ask(self, kind: str, strategy: str = "") -> Operation:
        """Ask for such an operation, as a person does with two clicks. Raises LookupError."""
        with override_settings(WIX_REASSIGN=strategy or "two_step"):
            subject, plan = self._plan(kind)
            started = time.monotonic()
            operation = request_operation(
                subject,
                plan.wish,
                by=self.by,
                request_id=uuid4(),
                fingerprint=plan.fingerprint,
            )
        self.slowest = max(self.slowest, time.monotonic() - started)
        touched = KINDS[kind].touches(subject)
        self._packages |= {p for p in (touched.package_id, operation.package_id) if p}
        self._sites |= {s for s in (touched.site_id, operation.site_id) if s}
        return operation

    def free(self) -> None:
        """What was asked for has ended: its packages and sites may be asked about again."""
        self._packages.clear()
        self._sites.clear()

    def _plan(self, kind: str) -> tuple[Any, Plan[Any]]:
        """The first plan that is possible, and on what; that goes to the end of the queue."""
        queue = self._queues.setdefault(kind, deque(KINDS[kind].subjects()))
        for _ in range(len(queue)):
            subject_id = queue.popleft()
            queue.append(subject_id)
            subject = KINDS[kind].subject(subject_id)
            if not self._is_free(KINDS[kind].touches(subject)):
                continue
            for wish in KINDS[kind].wishes(subject, self._sites):
                plan = make_plan(subject, worlds.wish(kind, **wish))
                if plan.possible and not plan.dependants:
                    return subject, plan
        raise LookupError(f"this world has nothing left to {kind}")

    def _is_free(self, touched: Touched) -> bool:
        """Whether nothing of that is spoken for."""
        if touched.package_id in self._packages or touched.site_id in self._sites:
            return False
        open_ones = Operation.objects.open().filter(package=touched.package_id)
        return touched.package_id is None or not open_ones.exists()
