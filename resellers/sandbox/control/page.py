"""The practice page: a person sets clock, faults and switches by plain forms, without a script."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

from ..gateway.faults import EFFECTS, MATCHES
from ..world.switches import SWITCHES, Switch
from .scenarios import SCENARIOS

STYLE = """\
* { box-sizing: border-box; }
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2.5rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .35rem .75rem .35rem 0; vertical-align: top;
  border-bottom: 1px solid color-mix(in srgb, currentColor 18%, transparent); }
form { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: end; margin: .5rem 0; }
label { display: grid; gap: .15rem; font-size: .85rem; }
input, select, button { font: inherit; padding: .25rem .5rem; min-height: 2.25rem; }
input[type=number] { width: 7rem; }
.changed { font-weight: 600; } .error { border-left: 4px solid #c62828; padding-left: .75rem; }
"""


def render(state: dict[str, Any], token: str, error: str = "") -> str:
    """The whole page for that state of the world, with what was wrong with the last form.

    `token` goes with every form.
    """

    def form(action: str, fields: str, button: str) -> str:
        return _form(token, action, fields, button)

    counts = state["counts"]
    statuses = ", ".join(
        f"{count} {status}" for status, count in counts["instances_by_status"].items()
    )
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Practice: a Wix of our own</title>
<link rel="stylesheet" href="/_sandbox/practice.css">
</head>
<body>
<main>
<h1>Practice: a Wix of our own</h1>
{f'<p class="error" role="alert">{escape(error)}</p>' if error else ""}
<p>Nothing here is real. {counts["accounts"]} customers, {counts["sites"]} sites,
{counts["packages"]} packages with {counts["instances"]} services: {escape(statuses)}.
{counts["floating"]} of them are floating. {counts["calls"]} calls so far.</p>
<h2>Clock</h2>
<p>It is {escape(state["clock"]["now"])}, {state["clock"]["ahead_seconds"]} seconds ahead of real
time.</p>
{form("clock", _number("advance_seconds", "Seconds to move ahead", 3600), "Move the clock")}
{form("deliver", "", "Deliver everything now")}
<h2>Scenarios</h2>
{form("scenario", _scenarios(), "Begin")}
{form("clear", "", "End all faults")}
<h2>Faults in force</h2>
{_faults(state["faults"])}
{form("fault", _fault_fields(), "Add this fault")}
<h2>Switches</h2>
<p>How this Wix answers what the documents leave open.</p>
<table>
<thead><tr><th>Switch</th><th>Decides</th><th>Position</th></tr></thead>
<tbody>
{"".join(_switch(form, one, state["switches"][one.name]) for one in SWITCHES.values())}
</tbody>
</table>
</main>
</body>
</html>
"""


def _form(token: str, action: str, fields: str, button: str) -> str:
    return (
        f'<form method="post"><input type="hidden" name="token" value="{token}">'
        f'<input type="hidden" name="action" value="{action}">'
        f'{fields}<button type="submit">{escape(button)}</button></form>'
    )


def _number(name: str, label: str, value: int | str = "") -> str:
    return (
        f'<label>{escape(label)}<input type="number" min="0" name="{name}" value="{value}"></label>'
    )


def _select(name: str, label: str, options: list[tuple[str, str]], chosen: str = "") -> str:
    written = "".join(
        f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>'
        f"{escape(text)}</option>"
        for value, text in options
    )
    return f'<label>{escape(label)}<select name="{name}">{written}</select></label>'


def _scenarios() -> str:
    options = [(name, scenario.meaning) for name, scenario in SCENARIOS.items()]
    return _select("scenario", "Rehearse", options)


def _faults(rules: list[dict[str, Any]]) -> str:
    if not rules:
        return "<p>None: every call is answered as it should be.</p>"
    rows = "".join(
        f"<tr><td>{escape(rule['match'])}</td><td>{escape(rule['effect'])}</td>"
        f"<td>{'for ever' if rule['times'] is None else rule['times']}</td>"
        f"<td>{rule['after']}</td><td>{rule['probability']:g}</td><td>{rule['fired']}</td></tr>"
        for rule in rules
    )
    return (
        "<table><thead><tr><th>Calls</th><th>Effect</th><th>Times</th><th>After</th>"
        f"<th>Probability</th><th>Fired</th></tr></thead><tbody>{rows}</tbody></table>"
    )


def _fault_fields() -> str:
    effects = [
        (name, f"{name}:<{effect.argument}>: {effect.meaning}" if effect.argument else
         f"{name}: {effect.meaning}")
        for name, effect in EFFECTS.items()
    ]  # fmt: skip
    return "".join(
        (
            _select("match", "Calls", [(name, name) for name in MATCHES], "assign"),
            _select("effect", "Effect", effects),
            '<label>After the colon<input name="argument" autocomplete="off"></label>',
            _number("times", "Times (empty: for ever)"),
            _number("after", "After so many calls", 0),
        )
    )


def _switch(form: Callable[[str, str, str], str], switch: Switch, position: Any) -> str:
    if switch.many:
        field = (
            f'<label>Names, with commas<input name="value" value="{escape(", ".join(position))}">'
            "</label>"
        )
    elif switch.choices is None:
        field = _number("value", "Number", position)
    else:
        options = [(_word(one), _word(one)) for one in switch.choices]
        field = _select("value", "Position", options, _word(position))
    hidden = f'<input type="hidden" name="name" value="{switch.name}">'
    changed = ' class="changed"' if position != switch.default else ""
    return (
        f"<tr{changed}><td>{switch.name}</td><td>{escape(switch.meaning)}</td>"
        f"<td>{form('switch', hidden + field, 'Set')}</td></tr>"
    )


def position(switch: Switch, written: str) -> Any:
    """What a form's word means for that switch; a word it does not know stays a word."""
    if switch.many:
        return [one.strip() for one in written.split(",") if one.strip()]
    if switch.choices is None:
        return int(written) if written.isascii() and written.isdigit() else written
    return next((one for one in switch.choices if _word(one) == written), written)


def _word(value: Any) -> str:
    """A switch's position as it is written in a form."""
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
