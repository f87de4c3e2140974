"""Sums up the rows of a table, whatever their order."""

from collections.abc import Iterable

from xltrack.store.schema import quoted


def digest_query(table: str, columns: Iterable[str], *, by: str = "0", added: Iterable[str] = ()) -> str:
    """Return the SQL that gives, for each value of `by`, the number of rows of `table` and two sums over them.

    A row is written as text, column by column in alphabetical order, each value with its name and length, nulls left
    out: no text can pass for two columns, and a column that is empty everywhere changes nothing. The halves of the
    MD5 numbers of these texts are summed (HUGEINT), which needs no sorting of millions of rows. The sums tell tables
    apart; they are no protection against somebody who forges rows on purpose. After them come the sums of the columns
    `added`, null where no row has a value.
    """
    line = ", ".join(map(_named_value, sorted(columns)))
    named = {f"added_{place}": quoted(name) for place, name in enumerate(added)}
    terms = (f"number & {2**64 - 1}::UHUGEINT", "number >> 64", *named)
    sums = ", ".join(f"sum(CAST({term} AS HUGEINT))" for term in terms)
    kept = "".join(f", {column} AS {name}" for name, column in named.items())
    rows = f"SELECT {by} AS part, md5_number(concat_ws(chr(31), {line})) AS number{kept} FROM {quoted(table)}"
    return f"SELECT part, count(*), {sums} FROM ({rows}) GROUP BY part"


def _named_value(column: str) -> str:
    text = f"CAST({quoted(column)} AS VARCHAR)"
    name = column.replace("'", "''")
    return f"'{name}:' || length({text}) || ':' || {text}"
