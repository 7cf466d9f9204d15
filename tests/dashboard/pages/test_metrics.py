"""What a Prometheus reads: how the work stands, for who may ask, and nobody's name."""

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests import worlds

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def samples(answer):
    families = text_string_to_metric_families(answer.content.decode())
    return {
        (one.name, *one.labels.values()): one.value for family in families for one in family.samples
    }


def test_open_work_is_counted_by_its_state_and_says_no_names(client):
    service = worlds.instance()
    worlds.operation(service, state="confirming")
    worlds.operation(worlds.instance(), state="succeeded")

    answer = client.get("/metrics")

    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain")
    found = samples(answer)
    assert found["wix_dashboard_operations", "confirming"] == 1
    assert ("wix_dashboard_operations", "succeeded") not in found
    assert found["wix_dashboard_writes_stopped", "read_only"] == 0
    assert str(service.account) not in answer.content.decode()


def test_it_takes_as_many_statements_for_many_as_for_few(client, django_assert_num_queries):
    for _ in range(12):
        worlds.operation(worlds.instance(status="FAILED"), state="queued")

    with django_assert_num_queries(14):
        client.get("/metrics")


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({}, 200),
        ({"REMOTE_ADDR": "203.0.113.7"}, 403),
        ({"HTTP_X_FORWARDED_FOR": "127.0.0.1"}, 403),
    ],
)
def test_without_a_token_only_this_machine_may_ask(client, asked, status):
    assert client.get("/metrics", **asked).status_code == status


def test_with_a_token_whoever_has_it_may_and_this_machine_without_it_may_not(client, settings):
    settings.METRICS_TOKEN = "scrape-me"
    from_afar = {"REMOTE_ADDR": "203.0.113.7"}

    assert client.get("/metrics").status_code == 403
    for given, status in (("Bearer scrape-me", 200), ("Bearer other", 403), ("Bearer é", 403)):
        assert client.get("/metrics", HTTP_AUTHORIZATION=given, **from_afar).status_code == status
