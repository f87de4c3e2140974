"""A process that is killed loses, halves and doubles nothing; `make bench ARGS=kill` does the same 500 times."""

from benchmarks import kill


def test_a_killed_process_loses_halves_and_doubles_nothing():
    """Every trial raises if something is lost, half merged or there twice, or merging again gives another store."""
    trials = list(kill.run(4))
    assert len(trials) == 4
    assert len({(trial.moment, trial.kept) for trial in trials}) > 1, "the moments differ"
