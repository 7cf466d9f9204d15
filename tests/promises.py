"""The numbered promises, and what proves each: the one list that the tests and the documents share.

A proof is a test, `path::name`, or a part of `make chaos`. Those named under `both` run on SQLite
and on PostgreSQL, those under `once` on SQLite alone, those under `postgres` there alone.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Promise:
    """What is promised, and the proofs."""

    words: str
    both: tuple[str, ...] = ()
    once: tuple[str, ...] = ()
    postgres: tuple[str, ...] = ()
    chaos: tuple[str, ...] = ()


OPERATIONS = "tests/operations"
HERE = f"{OPERATIONS}/test_promises.py"
REASSIGN = f"{OPERATIONS}/test_reassign.py"
STUCK = f"{OPERATIONS}/test_stuck_keys.py"
RACES = f"{OPERATIONS}/test_races.py"
SETTLE = f"{OPERATIONS}/test_settle.py"
KILLED = f"{OPERATIONS}/test_killed_worker.py"
BAD_DAYS = "tests/dashboard/test_bad_days.py"
KILLS = f"{OPERATIONS}/test_kill_points.py::test_a_move_ends_rightly_wherever_its_worker_is_lost"
MACHINE = (
    f"{OPERATIONS}/test_state_machine.py::"
    "test_any_order_of_events_leaves_only_allowed_states_and_one_open_operation_a_thing"
)

PROMISES = {
    "P1": Promise(
        "A worker that is killed anywhere leaves the thing where it was wanted, where it was, or"
        " with a person who is told where it is",
        both=(MACHINE,),
        once=(KILLS,),
        postgres=(f"{KILLED}::test_a_worker_killed_between_the_two_calls_is_followed_by_another",),
        chaos=("kills", "double", "rounds", "flows"),
    ),
    "P2": Promise(
        "One idempotency key has one effect at Wix at most",
        both=(MACHINE, f"{REASSIGN}::test_a_lost_answer_is_looked_up_and_nothing_is_done_twice"),
        chaos=("rounds", "flows"),
    ),
    "P3": Promise(
        "However two answers of a move are lost or spoilt, it ends right; where keys count for"
        " nothing, a double effect is told",
        both=(f"{HERE}::test_p3_a_double_effect_is_told_in_the_audit",),
        chaos=("faults", "answers"),
    ),
    "P4": Promise(
        "A refused move ends on its old site, with Wix's code, and is never tried again",
        once=(
            f"{HERE}::test_p4_whatever_the_target_is_refused_with_it_goes_back_and_tells_the_code",
        ),
    ),
    "P5": Promise(
        "Where the old site refuses too, a person is told within five seconds",
        both=(
            f"{HERE}::test_p5_where_the_old_site_refuses_too_a_person_is_told_within_five_seconds",
        ),
    ),
    "P6": Promise(
        "A worker that froze past its lease changes nothing when it wakes",
        both=(MACHINE,),
        once=(KILLS,),
        chaos=("kills",),
    ),
    "P7": Promise(
        "Eight workers on one operation send each write once",
        both=(f"{RACES}::test_eight_workers_on_one_operation_send_each_write_once",),
    ),
    "P8": Promise(
        "Twenty clicks on one form are one operation",
        both=(f"{RACES}::test_twenty_clicks_at_once_on_one_form_are_one_operation",),
    ),
    "P9": Promise(
        "A second wish for a busy thing is refused, with a link to the one under way",
        both=(
            f"{RACES}::"
            "test_of_two_people_who_race_for_one_service_one_is_recorded_and_the_other_told",
        ),
    ),
    "P10": Promise(
        "With Redis away every click is recorded and carried out, and pages come soon",
        once=(
            f"{BAD_DAYS}::"
            "test_with_redis_away_clicks_are_taken_pages_come_soon_and_the_sweep_carries_on",
            "tests/dashboard/actions/test_actions.py::"
            "test_with_the_broker_away_a_confirmation_is_recorded_all_the_same",
        ),
        postgres=(f"{KILLED}::test_with_redis_away_a_confirmed_move_is_carried_out_by_the_sweep",),
        chaos=("redis",),
    ),
    "P11": Promise(
        "What a flushed Redis forgot is carried out within half a minute",
        both=(f"{HERE}::test_p11_what_a_flushed_redis_forgot_the_sweep_carries_out",),
        chaos=("redis",),
    ),
    "P12": Promise(
        "PostgreSQL may be restarted again and again under load: no wrong end, no lease left over",
        chaos=("database",),
    ),
    "P13": Promise(
        "After a worker's death the next one waits for the lease and no longer",
        both=(f"{HERE}::test_p13_after_a_death_the_next_worker_waits_for_the_lease_and_no_longer",),
    ),
    "P14": Promise(
        "An unknown outcome is shown as neither failed nor done; it is known in two minutes (of an"
        " order in five) while Wix answers, and else comes to a person in a quarter of an hour",
        both=(
            f"{REASSIGN}::test_while_the_answer_is_unknown_it_is_neither_done_nor_failed",
            f"{HERE}::test_p14_a_doubt_that_lasts_fifteen_minutes_comes_to_a_person",
        ),
        once=(
            f"{STUCK}::test_p14_a_key_stuck_on_its_error_is_out_of_doubt_in_time",
            f"{STUCK}::test_p14_where_every_key_is_stuck_a_person_decides_in_time",
        ),
        chaos=("doubt",),
    ),
    "P15": Promise(
        "Success is read again after a minute and after a quarter of an hour, and a drift is told",
        both=(
            f"{SETTLE}::"
            "test_p15_success_is_read_again_after_a_minute_and_after_a_quarter_of_an_hour",
        ),
        once=(f"{SETTLE}::test_p15_every_drift_of_a_hundred_is_found",),
    ),
    "P16": Promise(
        "What can be foreseen is refused before any write",
        once=(
            f"{HERE}::test_p16_what_can_be_foreseen_is_refused_with_nothing_sent",
            "tests/dashboard/actions/test_refusals_foreseen.py::"
            "test_a_foreseen_refusal_stands_on_the_form_in_its_words_and_wix_is_not_asked",
        ),
    ),
    "P17": Promise(
        "Every effect at Wix has one attempt that was committed before it, and the audit no gap",
        both=(f"{HERE}::test_p17_every_effect_at_wix_has_one_attempt_that_was_committed_before",),
        chaos=("rounds",),
    ),
    "P18": Promise(
        "After one refused key nothing is written until a person resumes",
        both=(
            f"{HERE}::test_p18_after_one_401_nothing_is_written_until_a_person_resumes",
            f"{BAD_DAYS}::"
            "test_after_a_refused_key_everybody_sees_it_nothing_is_written_and_a_manager_resumes",
        ),
    ),
    "P19": Promise(
        "A key that gets the same error again after a whole ladder of readings is changed once, and"
        " that is told; what lands late is one package all the same",
        once=(
            f"{STUCK}::test_a_key_that_only_ever_gets_the_same_error_is_changed_once_and_told",
            f"{STUCK}::test_what_lands_late_after_the_key_was_changed_is_one_package",
        ),
    ),
    "P20": Promise(
        "A domain is registered once, though Wix takes no key for it",
        both=(
            f"{OPERATIONS}/test_register_domain.py::"
            "test_a_domain_is_registered_once_though_wix_takes_no_key",
        ),
        chaos=("flows",),
    ),
    "P21": Promise(
        "A worker that is told to stop leaves no call in doubt",
        once=(f"{HERE}::test_p21_a_worker_that_is_told_to_stop_leaves_no_call_in_doubt",),
    ),
    "P22": Promise(
        "The workers' own clocks decide nothing",
        both=(f"{HERE}::test_p22_the_workers_own_clock_decides_nothing",),
    ),
}
