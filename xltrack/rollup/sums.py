"""What many rows add up to by return, place and few sets of dimensions, before they are cut and put into periods."""

from collections.abc import Sequence

from xltrack.rollup.definitions import Group, groups, statement

_NUMBER = {"size": "look_no", "size_sector": "look_no", "sector": "look_no"}
"""What stands for a dimension in rows that are in numbers."""


def sums_of(group: Group) -> str:
    """Return the name of the grain of the sums of `group`."""
    return f"{group.file}_sums"


def summed() -> dict[str, Group]:
    """Return the groups whose rows are many and are added up first, by the names of their sums."""
    return {sums_of(group): group for group in groups() if group.together}


def sums(group: Group) -> str:
    """Return the SQL of the sums by return, place and each of the sets of dimensions `together`, told by `part`."""
    every = ("return_no", "spot_no", *group.always)
    parts = [tuple(dict.fromkeys(_NUMBER.get(name, name) for name in names)) for names in group.together]
    told = " ".join(f"WHEN GROUPING(r.{names[0]}) = 0 THEN {number}" for number, names in enumerate(parts, 1))
    values = f"{added(group)}, CASE {told} END AS part"
    return grouped(statement("measures", group.file), [(*every, *names) for names in parts], values)


def added(group: Group) -> str:
    """Return the SQL of the sum of each measure of `group`."""
    return ", ".join(f"sum(r.{name}) AS {name}" for name in group.measures)


def grouped(rows: str, sets: Sequence[tuple[str, ...]], values: str, joined: str = "") -> str:
    """Return the SQL of `values` of `rows` by each of the `sets` of columns; the rows are read once."""
    each = ", ".join(f"({', '.join(f'r.{name}' for name in one)})" for one in sets)
    columns = ", ".join(f"r.{name}" for name in dict.fromkeys(name for one in sets for name in one))
    return f"SELECT {columns}, {values}\nFROM (\n{rows}\n) AS r{joined}\nGROUP BY GROUPING SETS ({each})"
