"""Cases of failed services, and what the inbox answers to who works on them."""

from resellers import cases
from resellers.models import Case
from tests.reordering import failed

TIMED_OUT = "/failures/?kind=failed&failure_code=DELIVERY_TIMEOUT"


def opened(number=1, code="DELIVERY_TIMEOUT", **fields):
    """The cases of so many services that failed of that cause."""
    services = [failed(failure_code=code, **fields) for _ in range(number)]
    cases.keep()
    return list(Case.objects.filter(instance__in=services).order_by("id"))


def work(client, verb, *of, **fields):
    """What the list answers to that verb on these cases."""
    return client.post(f"/failures/do/{verb}/", {"id": [str(case.pk) for case in of], **fields})


def as_it_is(case):
    return Case.objects.get(pk=case.pk)
