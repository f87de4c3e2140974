-- The sources of funding, and whether each is a budget of the state.
SELECT source, state FROM rollup_source
