"""A pytest plugin for the drill: the quick tests, with few examples, and the same ones every time.

A mutant that these let live may still be killed by the tests left out here, so the score is a lower bound.
"""

from typing import Any

import pytest
from hypothesis import Phase, settings

MOST_EXAMPLES = 15
# A mutant is noticed with the first example that fails; to look for the smallest one would only take time.
PHASES = (Phase.explicit, Phase.generate)
PROCESSES = {
    "test_a_process_says_what_the_command_says",
    "test_a_pipe_that_closes_early_is_no_fault",
    "test_letters_beyond_ascii_come_out_right_on_a_machine_set_to_c",
    "test_neither_hash_seed_nor_order_of_rows_changes_a_byte",
    "test_no_state_of_the_machine_gives_a_traceback",
    "test_progress_shows_on_a_terminal_alone",
    "test_rows_and_columns_in_any_order_give_the_same_bytes",
    "test_who_reads_csv_files_does_not_load_the_library_of_workbooks",
    "test_wrong_usage_ends_a_real_process_with_two",
}
SLOW = {
    "test_a_larger_roster_with_many_ties_is_the_plain_reading_too",
    "test_on_arrival_is_the_plain_reading",
    "test_prospects_never_leave_anybody_out",
    "test_runs_say_how_far_the_figures_spread",
    "test_shared_minutes_are_those_of_a_walk_minute_by_minute",
    "test_the_invented_stream_comes_to_what_the_docs_say",
    "test_the_outside_sheets_of_the_scheme_rank_as_it_says",
    "test_thousands_of_tiny_markets_are_solved_as_by_every_way_and_by_scipy",
    "test_twenty_thousand_rows_are_read",
}
# They read the code itself, which a drill has written anew.
OF_THE_TEXT_OF_THE_CODE = {
    "test_every_key_that_the_code_uses_has_words_and_every_word_is_used",
    "test_every_phrase_and_place_that_the_code_uses_has_words_and_every_word_is_used",
    "test_every_phrase_is_given_the_values_that_it_asks_for",
    "test_every_text_is_given_the_values_that_it_asks_for",
    "test_the_roster_reads_nothing_of_answers_but_texts_and_numbers",
}
LEFT_OUT = PROCESSES | SLOW | OF_THE_TEXT_OF_THE_CODE


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what starts processes, what is slow and what is compiled, which the mutants do not reach."""
    slow = [item for item in items if _is_left_out(item)]
    config.hook.pytest_deselected(items=slow)
    items[:] = [item for item in items if item not in slow]
    for item in items:
        _give_few_examples(item)


def _is_left_out(item: pytest.Item) -> bool:
    return _name(item) in LEFT_OUT or "compiled" in item.name or "test_backends" in item.nodeid


def _name(item: pytest.Item) -> str:
    return item.name.partition("[")[0]


def _give_few_examples(item: pytest.Item) -> None:
    function: Any = getattr(item, "obj", None)
    # A profile would not do: most tests state their own number of examples, and that goes before a profile.
    stated = getattr(function, "_hypothesis_internal_use_settings", None)
    if stated is not None:
        few = min(stated.max_examples, MOST_EXAMPLES)
        function._hypothesis_internal_use_settings = settings(
            stated, max_examples=few, derandomize=True, database=None, phases=PHASES
        )
