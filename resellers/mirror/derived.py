"""Mends what is made of other columns, where a row was written by who knew nothing of that: by a
process of the last version, or of one that folded letters otherwise."""

import time

from django.db import models, transaction

from resellers.models import Account, CatalogProduct, Package, Site
from resellers.models.derived import derive, derived_fields, derived_names

from .writing import update_each

MODELS: tuple[type[models.Model], ...] = (Account, Site, Package, CatalogProduct)
BATCH = 1000


def mend(place: str = "", *, seconds: float | None = None) -> str:
    """Go through all rows from that place on, for so long at most; the place reached, "" at the
    end.

    A place is the number of a model and the id of the last of its rows that was looked at.
    """
    give_up_at = None if seconds is None else time.monotonic() + seconds
    number, _, last = place.partition(":")
    for at in range(int(number or 0), len(MODELS)):
        while last := mend_batch(MODELS[at], last):
            if give_up_at is not None and time.monotonic() > give_up_at:
                return f"{at}:{last}"
    return ""


def mend_batch(model: type[models.Model], last: str) -> str:
    """Mend the rows whose ids follow; the id of the last one looked at, "" where none was left."""
    fields = derived_fields(model)
    columns = {name for field in fields for name in (*field.of, field.attname)}
    rows = model._default_manager.order_by("pk").only("pk", *columns)
    with transaction.atomic():
        found = list((rows.filter(pk__gt=last) if last else rows)[:BATCH])
        stale = [row.pk for row in found if derive(row)]
        # Read once more where they are locked: what is right already makes nobody wait.
        held = rows.select_for_update(no_key=True).filter(pk__in=stale)
        update_each(model, [row for row in held if derive(row)], derived_names(model))
    return str(found[-1].pk) if found else ""
