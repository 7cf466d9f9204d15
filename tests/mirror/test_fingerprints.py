"""What Wix shows as before is not compared again, unless somebody else has written it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from resellers import triggers
from resellers.apps import lay_triggers
from resellers.mirror.ingest import fingerprint_triggers, ingest_packages
from resellers.models import Change, Package, ProductInstance
from resellers.wix.parsing import read_package

from .given_packages import INSTANCE, SITE, START, as_wix_gives_it, at

pytestmark = [pytest.mark.django_db, pytest.mark.every_value]


def test_a_package_that_wix_shows_as_before_is_not_compared_again():
    ingest_packages([as_wix_gives_it(siteId=SITE)], fetch_started_at=at(1))

    with CaptureQueriesContext(connection) as queries:
        ingest_packages([as_wix_gives_it(siteId=SITE)], fetch_started_at=at(2))

    assert not any("productinstance" in query["sql"] for query in queries)
    assert ProductInstance.objects.get().last_confirmed_at == at(2)


@pytest.mark.parametrize(
    ("model", "written"),
    [
        (ProductInstance, {"status": "FAILED"}),
        (ProductInstance, {"gone_at": START}),
        (Package, {"external_id": "another"}),
        (Package, {"gone_at": START}),
    ],
)
def test_what_was_written_by_somebody_else_is_compared_and_mended(model, written):
    """By hand, say, or by a process of the last version: Wix shows what it showed before."""
    ingest_packages([as_wix_gives_it()], fetch_started_at=at(1))
    before = model.objects.values(*written).get()
    model.objects.update(**written)

    ingest_packages([as_wix_gives_it()], fetch_started_at=at(2), authoritative=True)

    assert model.objects.values(*written).get() == before


def test_what_was_written_without_the_triggers_is_compared_once_they_are_laid():
    """As where a migration makes a table of SQLite anew, which drops them."""
    ingest_packages([as_wix_gives_it()], fetch_started_at=at(1))
    triggers.drop(fingerprint_triggers.FAMILY)
    ProductInstance.objects.update(status="FAILED")

    lay_triggers("default")
    ingest_packages([as_wix_gives_it()], fetch_started_at=at(2), authoritative=True)

    assert ProductInstance.objects.get().status == "ENABLED"
    names = {trigger.name for trigger in fingerprint_triggers.wanted()}
    assert triggers.names(fingerprint_triggers.FAMILY) == names


def test_a_service_that_somebody_removed_comes_back():
    ingest_packages([as_wix_gives_it()], fetch_started_at=at(1))
    Change.objects.all().delete()
    ProductInstance.objects.all().delete()

    ingest_packages([as_wix_gives_it()], fetch_started_at=at(2), authoritative=True)

    assert str(ProductInstance.objects.get().pk) == INSTANCE


def test_an_answer_in_other_words_is_compared_once():
    given = as_wix_gives_it()
    ingest_packages([given], fetch_started_at=at(1))
    backwards = read_package(dict(reversed(given.raw.items())), "package")
    assert ingest_packages([backwards], fetch_started_at=at(2)).rows_changed == 0

    with CaptureQueriesContext(connection) as queries:
        ingest_packages([backwards], fetch_started_at=at(3))

    assert not any("productinstance" in query["sql"] for query in queries)
