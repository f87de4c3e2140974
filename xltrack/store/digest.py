"""Sums up the rows of a table, whatever their order."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from xltrack.store.schema import quoted


def digest_query(
    table: str, lines: Sequence[Collection[str]], *, by: str = "0", added: Iterable[str] = ()
) -> str:
    """Return the SQL that gives, by the values of `by`, the number of rows of `table` and two sums for each of `lines`.

    A line is a row written as text: the columns that it names in alphabetical order, each value with its name and
    length, nulls left out. No text can pass for two columns, and a column that is empty everywhere changes nothing. The
    halves of the MD5 numbers of these texts are summed (HUGEINT), which needs no sorting of millions of rows. The sums
    tell tables apart; they are no protection against somebody who forges rows on purpose. After them come the sums of
    the columns `added`, null where no row has a value.
    """
    # Each step is a query of its own, so that what two lines have in common is written once.
    values = {name: f"value_{place}" for place, name in enumerate(sorted(set().union(*lines)))}
    others = {quoted(name): f"added_{place}" for place, name in enumerate(added)}
    written = [f"{_named_value(name)} AS {value}" for name, value in values.items()]
    kept = [f"{column} AS {name}" for column, name in others.items()]
    hashed = [f"{_number(line, values)} AS number_{place}" for place, line in enumerate(lines)]
    sums = [f"sum(CAST({term} AS HUGEINT))" for term in (*_halves(len(lines)), *others.values())]
    rows = f"SELECT {by} AS part, {', '.join((*written, *kept))} FROM {quoted(table)}"
    numbers = f"SELECT part, {', '.join((*hashed, *others.values()))} FROM ({rows})"
    return f"SELECT part, count(*), {', '.join(sums)} FROM ({numbers}) GROUP BY part"


def _number(line: Collection[str], values: Mapping[str, str]) -> str:
    # A null adds nothing, and a line of no columns is an empty one.
    return f"md5_number(concat_ws(chr(31), {', '.join(('NULL', *(values[name] for name in sorted(line))))}))"


def _halves(count: int) -> Iterator[str]:
    for place in range(count):
        yield f"number_{place} & {2**64 - 1}::UHUGEINT"
        yield f"number_{place} >> 64"


def _named_value(column: str) -> str:
    text, name = f"CAST({quoted(column)} AS VARCHAR)", column.replace("'", "''")
    return f"CASE WHEN {quoted(column)} IS NOT NULL THEN concat('{name}:', length({text}), ':', {text}) END"
