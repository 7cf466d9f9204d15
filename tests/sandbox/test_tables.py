"""What a table remembers of its rows."""

from dataclasses import dataclass

from resellers.sandbox.world.tables import Table


@dataclass(frozen=True)
class Row:
    id: str
    text: str = ""


def test_a_row_is_remembered_in_all_that_it_was_and_since_when():
    table = Table([Row("a", "first"), Row("quiet")])
    table.put(Row("a", "second"), at=10)
    table.put(Row("b", "new"), at=20)
    table.put(Row("a", "third"), at=30)
    table.remove("b", at=40)

    assert table.versions() == {
        "a": [(0, Row("a", "first")), (10, Row("a", "second")), (30, Row("a", "third"))],
        "b": [(0, None), (20, Row("b", "new")), (40, None)],
        "quiet": [(0, Row("quiet"))],
    }
    assert {row.text for row in table.rows_at(20)} == {"second", "new", ""}
