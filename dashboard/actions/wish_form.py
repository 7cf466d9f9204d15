"""What every form has in common that asks for a change: a wish about one thing, and a reason.

A form checks what was typed. Whether the wish is possible is the plan's to say, and `refuse` puts
the plan's refusals beside the fields they belong to.
"""

from abc import abstractmethod
from collections.abc import Iterable
from typing import Any, ClassVar, Generic, Self
from urllib.parse import urlencode

from django import forms
from django.contrib.auth.models import User
from django.db.models import Model
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.components.wix_b2b import asking_b2b
from dashboard.frame.reauthentication import Proof
from resellers.models import Operation
from resellers.operations.foreseen import Foreseen
from resellers.operations.kind import Kind, WishT
from resellers.operations.kinds import kind_of
from resellers.operations.undo import undo_of, why_not_undone
from resellers.operations.wish import ThingT
from resellers.refusals import CATALOGUE
from resellers.texts import Text

NO_UNDO = "no_undo"  # of an error: what is asked for would not take that operation back


def refusal_sentence(refusal: Foreseen, about: Model) -> str:
    """The refusal in words, and what to do: said apart where another choice here is no help.

    Where it sends people to Wix, it is safe HTML, with a mail that names what it is about.
    """
    known = CATALOGUE.get(refusal.code)
    if known is None or "form" in known.remedies or not known.remedy_words:
        return asking_b2b(f"{refusal.words} {refusal.next_step}", about, refusal.code)
    words = f"{refusal.words} {known.remedy_words}: {refusal.next_step}"
    return asking_b2b(words, about, refusal.code)


class WishForm(forms.Form, Generic[ThingT, WishT]):
    """What a person wants of one thing. One subclass a kind.

    `by` is who asks; `proof` takes what shows who that is, none where it was shown a moment ago.
    """

    kind: ClassVar[str]
    under: ClassVar[str] = ""  # the noun of its address; none where it has a page of its own
    slug: ClassVar[str] = ""  # of its address, below the thing's
    url_name: ClassVar[str]
    button: ClassVar[Text]  # what the control says that leads to it
    tone: ClassVar[str] = ""  # how that control looks: `primary`, `danger`, or like any other
    icon: ClassVar[str] = "arrow"  # beside the button's word in a menu
    caption: ClassVar[Text] = (
        ""  # what it says there beside it, where the word alone says too little
    )
    is_in_place: ClassVar[bool] = False  # a field of its thing's page leads to it, and no control
    aside_template: ClassVar[str] = ""  # the thing in short, beside form and plan
    scope_template: ClassVar[str] = ""  # what ends and what stays, beside the plan
    besides_template: ClassVar[str] = ""  # other ways to go on from the plan than Confirm
    changes_words: ClassVar[Text] = gettext_lazy("What changes")
    leave_words: ClassVar[Text] = gettext_lazy("Leave it as it is")
    is_final: ClassVar[bool] = False  # Wix offers no way back
    makes_new: ClassVar[bool] = False  # nothing rests yet on what it asks for
    is_long: ClassVar[bool] = False  # too long to be filled in by an address
    redraws: ClassVar[tuple[str, ...]] = ("redraw",)  # the buttons that want it drawn once more

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Kept with the operation. Optional."),
        error_messages={"required": gettext_lazy("Say why, for whoever reads this later.")},
    )
    retry_of = forms.IntegerField(
        required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput
    )
    undo_of = forms.IntegerField(
        required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput
    )

    def __init__(
        self,
        *args: Any,
        thing: ThingT,
        by: User | None = None,
        proof: Proof | None = None,
        wants_reason: bool = False,
        **kwargs: Any,
    ) -> None:
        self.thing = thing
        self.by = by
        self.proof = proof
        self.wants_reason = wants_reason
        super().__init__(*args, **{"auto_id": "%s"} | kwargs)
        if wants_reason:
            self.fields["reason"].required = True
            self.fields["reason"].help_text = _("Kept with the operation, for good.")

    @classmethod
    def path(cls, thing: ThingT) -> str:
        """The address of this form for that thing."""
        return reverse(cls.url_name, args=[thing.pk])

    @classmethod
    def as_sent(cls, sent: QueryDict) -> QueryDict:
        """What a browser sent, as the form's own fields."""
        return sent

    @classmethod
    @abstractmethod
    def prefilled(cls, wish: WishT) -> dict[str, str]:
        """The fields that ask for this wish."""

    @abstractmethod
    def wish(self) -> WishT:
        """The wish of its kind; the form must be valid."""

    @property
    def rules(self) -> Kind[ThingT, WishT, Any]:
        return kind_of(self.kind)

    @property
    def wrongly_typed(self) -> list[str]:
        """The fields in which something else stands than what proves that a person is sure."""
        return []

    @property
    def remarks(self) -> list[str]:
        """What people should know of the wish, beside the plan's warnings."""
        return []

    def clean_retry_of(self) -> Operation | None:
        """The operation that is tried again: an ended one of the same kind and thing."""
        number = self.cleaned_data["retry_of"]
        if number is None:
            return None
        past = Operation.objects.repeatable().filter(pk=number, kind=self.kind).first()
        if past is None or not self._is_mine(past):
            raise forms.ValidationError(
                _("Only an ended operation of this very thing is tried again.")
            )
        return past

    def clean_undo_of(self) -> Operation | None:
        """The operation that is taken back: a succeeded one whose work still stands."""
        number = self.cleaned_data["undo_of"]
        if number is None:
            return None
        past = Operation.objects.filter(pk=number).first()
        if past is None or not self._is_mine(past):
            raise forms.ValidationError(_("Only an operation of this very thing is undone here."))
        if words := why_not_undone(past):
            raise forms.ValidationError(words)
        return past

    def is_valid(self) -> bool:
        if not super().is_valid():
            return False
        past: Operation | None = self.cleaned_data["undo_of"]
        if past and undo_of(past) != self.wish():
            words = _(
                "This is not the way back from operation #%(past)s. Show the plan again to have "
                "it done for its own sake; the way back is on that operation's page."
            ) % {"past": past.pk}
            self.add_error("undo_of", forms.ValidationError(words, code=NO_UNDO))
            return False
        return True

    @property
    def takes_back(self) -> str:
        """The number of the operation that this is to take back; empty once it is no way back."""
        number = self["undo_of"].value()
        return "" if not number or self.has_error("undo_of", NO_UNDO) else str(number)

    def _is_mine(self, past: Operation) -> bool:
        return bool(kind_of(past.kind).thing_of(past) == self.thing)

    def refuse(self, refusals: Iterable[Foreseen]) -> None:
        """Put each refusal beside its field, or above the form where it has none."""
        for refusal in refusals:
            field = refusal.field if refusal.field in self.fields else None
            self.add_error(field, refusal_sentence(refusal, self.thing))

    @property
    def hidden_values(self) -> list[tuple[str, str]]:
        """The valid form as hidden fields of the next one."""
        values = {name: self.cleaned_data.get(name) for name in self.fields}
        for name in ("retry_of", "undo_of"):
            values[name] = past.pk if (past := values[name]) else None
        texts = [(name, "" if value is None else str(value)) for name, value in values.items()]
        return [(name, text) for name, text in texts if text]

    @property
    def typed(self) -> list[tuple[str, str]]:
        """What was sent, right or wrong, as hidden fields that send it again; never a password."""
        left_out = {"csrfmiddlewaretoken", "password", "code", "plan", "request_id", "run"}
        left_out |= {"came_from"}
        return [(name, str(self.data[name])) for name in self.data if name not in left_out]

    def redrawn(self) -> Self:
        """The form with what was typed and nothing checked, as one choice changes another."""
        return self._unchecked(dict(self.typed))

    def _unchecked(self, initial: dict[str, str]) -> Self:
        return type(self)(
            initial=initial,
            thing=self.thing,
            by=self.by,
            proof=self.proof,
            wants_reason=self.wants_reason,
        )

    @property
    def as_query(self) -> str:
        """The valid form as an address's query, which fills the form in again."""
        return urlencode(self.hidden_values)

    @property
    def confirm_words(self) -> str:
        """What the button says that carries the wish out, with its scope where that matters."""
        return _("Confirm")

    @property
    def has_no_choice(self) -> bool:
        """Whether nothing that could be chosen here would go through."""
        return False

    @property
    def fields_template(self) -> str:
        """The part of the kind's template with its own fields."""
        return f"actions/{self.kind}.html#fields"


AnyForm = WishForm[Any, Any]
