"""However Wix writes its answers, the mirror is the same: nothing false, nothing that fails."""

import pytest

from resellers.models import Change, ProductInstance, SyncRun
from tests import practice
from tests.mirrors import read

pytestmark = pytest.mark.django_db(transaction=True)

# What wix-api.md leaves open of reading, in every position but the usual one.
POSITIONS = {
    "paging_name": ["pagingMetadata"],
    "last_page": ["no_cursors", "null_cursors", "empty_text"],
    "has_next": [True],
    "query_scope": ["account"],
    "account_mismatch": ["404"],
    "denied_body": ["empty", "html"],
    "billing_name": ["paymentInfo", "contractDetails"],
    "dates": ["text_without_fraction", "instance_objects"],
    "external_id": ["wrapped"],
    "empty_values": ["absent", "null"],
    "numbers": ["text"],
    "sites_scope": ["tree"],
    "child_accounts_name": ["accounts", "accountIds"],
    "child_accounts_shape": ["text"],
}
USUAL = {"dates": "text", "empty_values": "present", "numbers": "number"}


@pytest.mark.once
@pytest.mark.parametrize(
    ("name", "position"), [(name, one) for name, many in POSITIONS.items() for one in many]
)
def test_under_every_switch_a_reading_ends_well_and_tells_no_false_change(mirror, name, position):
    before = Change.objects.count()
    held = set(ProductInstance.objects.values_list("id", "status", "site_id", "expires_at"))
    practice.switches(mirror.sandbox, **{name: position})

    runs = [read("full"), read("incremental"), read("unsettled")]

    assert {run.state for run in runs} == {SyncRun.State.SUCCEEDED}, [run.error for run in runs]
    assert sum(run.rows_changed for run in runs) == 0
    assert Change.objects.count() == before
    assert set(ProductInstance.objects.values_list("id", "status", "site_id", "expires_at")) == held


@pytest.mark.parametrize("name", USUAL)
def test_back_from_another_spelling_nothing_has_changed_either(mirror, name):
    before = Change.objects.count()
    for position in [*POSITIONS[name], USUAL[name]]:
        practice.switches(mirror.sandbox, **{name: position})
        assert read("full").rows_changed == 0

    assert Change.objects.count() == before
