"""Every kind says how its operation stands: in one sentence, in the present while it is so."""

from dataclasses import asdict

import pytest

from resellers.models import OperationState
from resellers.operations.sentences import general
from resellers.operations.titles import brief_sentence, outcome_sentence
from tests.operations import test_kinds

case = test_kinds.case
pytestmark = [pytest.mark.django_db, pytest.mark.once]


def test_a_kind_has_a_sentence_of_its_own_for_each_way_it_may_stand(case):
    operation = case.operation()

    words = asdict(case.kind.sentences(operation))

    assert len(set(words.values())) == len(words)
    assert not set(words.values()) & set(asdict(general(case.kind.title(operation))).values())
    for sentence in words.values():
        assert not sentence.endswith(".")
        assert "None" not in sentence
        assert sentence == " ".join(sentence.split())


def test_what_was_done_is_said_as_now_true_only_while_the_mirror_shows_it(case):
    operation = case.operation(state=OperationState.SUCCEEDED)
    words = case.kind.sentences(operation)

    assert outcome_sentence(operation, is_in_doubt=False) == words.was_done
    assert brief_sentence(operation) == words.was_done
    if case.held:
        case.come_true()
        operation.refresh_from_db()
        assert outcome_sentence(operation, is_in_doubt=False) == words.done


def test_what_was_not_done_is_as_before_only_while_the_mirror_shows_it(case):
    operation = case.operation(state=OperationState.FAILED)
    words = case.kind.sentences(operation)

    assert outcome_sentence(operation, is_in_doubt=False) == words.as_before
    if case.held:
        case.come_true()
        operation.refresh_from_db()
        assert outcome_sentence(operation, is_in_doubt=False) == words.not_done


def test_a_doubt_is_not_told_as_knowledge(case):
    operation = case.operation(state=OperationState.NEEDS_ATTENTION)
    words = case.kind.sentences(operation)

    assert outcome_sentence(operation, is_in_doubt=True) == words.in_doubt
    assert outcome_sentence(operation, is_in_doubt=False) == words.neither
