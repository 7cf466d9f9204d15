"""What the audit trail says of people: their ways in and out, and what an admin does about them."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy

from resellers.texts import Text

EVENTS: Mapping[str, Text] = {
    "log_in": gettext_lazy("Logged in"),
    "log_in.failed": gettext_lazy("Log-in failed"),
    "log_in.slowed": gettext_lazy("Log-in has to wait"),
    "log_in.held": gettext_lazy("Log-in held"),
    "log_in.lifted": gettext_lazy("Hold on the log-in lifted"),
    "log_out": gettext_lazy("Logged out"),
    "session.ended": gettext_lazy("Session ended"),
    "password.changed": gettext_lazy("Password changed"),
    "password.asked": gettext_lazy("Link to a new password asked for"),
    "factor.added": gettext_lazy("Second factor set up"),
    "factor.removed": gettext_lazy("Second factor removed"),
    "factor.renewed": gettext_lazy("Recovery codes made anew"),
    "factor.reset": gettext_lazy("Second factor reset by an admin"),
    "policy.second_factor": gettext_lazy("Who needs a second factor"),
    "person.invited": gettext_lazy("Colleague invited"),
    "person.accepted": gettext_lazy("Invitation accepted"),
    "person.link_made": gettext_lazy("Link to a new password made"),
    "person.connected": gettext_lazy("Connected with the agency's sign-in"),
    "person.role": gettext_lazy("Role changed"),
    "person.export": gettext_lazy("Right to take lists away changed"),
    "person.deactivated": gettext_lazy("Person deactivated"),
    "person.reactivated": gettext_lazy("Person let in again"),
}
SENTENCES: Mapping[str, Text] = {
    "log_in": gettext_lazy("%(who)s logged in by %(by)s"),
    "log_in.failed": gettext_lazy("A log-in as %(name)s failed: wrong %(wrong)s"),
    "log_in.slowed": gettext_lazy("Too many tries, so there is a wait: %(held)s"),
    "log_in.held": gettext_lazy("Far too many tries, so nobody logs in for long: %(held)s"),
    "log_out": gettext_lazy("%(who)s logged out"),
    "log_in.lifted": gettext_lazy("%(who)s lifted a hold on logging in: %(held)s"),
    "session.ended": gettext_lazy("%(who)s ended sessions of %(person)s: %(sessions)s"),
    "password.changed": gettext_lazy("%(who)s changed their password"),
    "password.asked": gettext_lazy("A link to a new password of %(name)s was asked for by mail"),
    "factor.added": gettext_lazy("%(who)s set up a second factor: %(factor)s"),
    "factor.removed": gettext_lazy("%(who)s removed a second factor: %(factor)s"),
    "factor.renewed": gettext_lazy("%(who)s made new recovery codes"),
    "factor.reset": gettext_lazy("%(who)s reset the second factor of %(person)s"),
    "policy.second_factor": gettext_lazy("%(who)s decided who needs a second factor"),
    "person.invited": gettext_lazy("%(who)s invited %(person)s as %(role)s"),
    "person.accepted": gettext_lazy("%(who)s accepted the invitation"),
    "person.link_made": gettext_lazy("%(who)s made a link to a new password for %(person)s"),
    "person.connected": gettext_lazy("%(who)s was connected with the agency's sign-in"),
    "person.role": gettext_lazy("%(who)s changed the role of %(person)s: %(role)s"),
    "person.export": gettext_lazy("%(who)s changed whether %(person)s may take lists away"),
    "person.deactivated": gettext_lazy("%(who)s deactivated %(person)s"),
    "person.reactivated": gettext_lazy("%(who)s let %(person)s in again"),
}
# What is said instead where the name that was tried is nobody's.
OF_NOBODY: Mapping[str, Text] = {
    "log_in.failed": gettext_lazy("A log-in as nobody who is known failed: wrong %(wrong)s"),
    "password.asked": gettext_lazy(
        "A link to a new password was asked for by mail, for nobody who is known"
    ),
}
# What tries are counted of, as entries name it.
COUNTED_OF: Mapping[str, Text] = {
    "name": gettext_lazy("the name %(key)s"),
    "address": gettext_lazy("the address %(key)s"),
    "mail": gettext_lazy("links by mail for %(key)s"),
}
