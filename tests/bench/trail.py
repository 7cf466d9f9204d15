"""The page of an audit trail, ten times as long as the mirror has services, beside an empty one."""

from collections.abc import Iterator
from datetime import timedelta

from tests.bench.figure import Ratio, in_turns
from tests.bench.world import INSTANCES

ENTRIES = 10 * INSTANCES
PEOPLE = 20
AT_ONCE = 20_000  # so that no statement takes long
AT_MOST = 3.0  # times the empty page
FILL = """
INSERT INTO resellers_auditentry
    (seq, at, event, actor_id, actor_name, account_id, body, previous_hash, hash)
SELECT n, now() - (%(last)s - n) * (interval '1000 days' / %(entries)s),
    (ARRAY['plan.shown', 'operation.requested', 'operation.succeeded', 'note.added'])[1 + n %% 4],
    people[1 + n %% %(people)s], 'somebody', accounts[1 + n %% cardinality(accounts)],
    '{"kind": "reassign", "reason": "a new shop"}', '', md5(n::text) || md5(n::text)
FROM generate_series(%(from)s, %(to)s) AS n,
    (SELECT array_agg(id) AS people FROM auth_user WHERE username LIKE 'trail-%%') AS p,
    (SELECT array_agg(id) AS accounts FROM (SELECT id FROM resellers_account LIMIT 200) AS a) AS b
"""


def measure() -> Iterator[Ratio]:
    """The newest page, one person's, one customer's, one kind's and a range of days."""
    from django.db import connection
    from django.test import Client
    from django.utils import timezone

    from resellers.models import AuditEntry, AuditHead
    from tests import worlds

    for number in range(PEOPLE):
        worlds.user("viewer", f"trail-{number}")
    first = AuditHead.objects.get_or_create(pk=1)[0].seq + 1
    last = first + ENTRIES - 1
    numbers = {"last": last, "entries": ENTRIES, "people": PEOPLE}
    with connection.cursor() as cursor:
        for start in range(first, last + 1, AT_ONCE):
            until = min(start + AT_ONCE - 1, last)
            cursor.execute(FILL, numbers | {"from": start, "to": until})
        # As autovacuum does after so many were added.
        cursor.execute("VACUUM ANALYZE resellers_auditentry")
    newest = AuditEntry.objects.get(seq=last)
    AuditHead.objects.filter(pk=1).update(seq=newest.seq, hash=newest.hash)
    client = Client(headers={"host": "localhost"})
    client.force_login(worlds.user("manager", "reader-of-the-trail"))

    def page(query: str) -> None:
        answer = client.get(f"/audit/?{query}")
        assert answer.status_code == 200, query

    ago = timezone.localdate() - timedelta(days=500)
    for what, query in (
        ("newest first", ""),
        ("one person", "person=trail-7"),
        ("one customer", f"account={newest.account_id}"),
        ("one kind", "kind=operation.succeeded"),
        ("ten days long ago", f"from={ago}&to={ago + timedelta(days=10)}"),
        ("one person, ten days", f"person=trail-7&from={ago}&to={ago + timedelta(days=10)}"),
    ):
        taken, empty = in_turns(lambda query=query: page(query), lambda: page("from=2990-01-01"))
        name = f"audit trail of {ENTRIES:,} entries: {what}"
        yield Ratio(name, taken, empty, at_most=AT_MOST)
