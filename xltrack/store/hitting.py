"""How often each finding code was met, so that noisy rules can be seen."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from xltrack.store.connection import Store
from xltrack.store.history import history_places
from xltrack.store.waiving import waivers

_STORED = "SELECT code, submission, count(*) FROM finding GROUP BY ALL"
_FILES = "SELECT sha256, unit_code FROM submission"


@dataclass(frozen=True, slots=True)
class Hits:
    """How often one code was met in the files of a store: `findings`, in so many `files`, of so many `units`.

    `of_files` is how many files there are, `waivers` how many waivers of the code hold.
    """

    code: str
    findings: int
    files: int
    of_files: int
    units: int
    waivers: int


def hits(store: Store, day: date) -> tuple[Hits, ...]:
    """Return every code that was met, the most frequent first, with its waivers that hold on `day`.

    What was found in a file counts for every file that the store holds, superseded ones too; what shows only among
    returns (XLT6xx of `xltrack.store.history`) is asked of the returns as they stand. Raises StoreDamaged.
    """
    unit_of = dict(store.rows(_FILES))
    met: dict[str, Counter[str]] = {}
    for code, submission, findings in store.rows(_STORED):
        met.setdefault(code, Counter())[submission] = findings
    met |= history_places(store)
    waived = Counter(one.meant.code for one in waivers(store) if one.waiver.until >= day)
    found = (
        Hits(
            code=code,
            findings=files.total(),
            files=len(files),
            of_files=len(unit_of),
            units=len({unit_of[file] for file in files} - {None}),
            waivers=waived[code],
        )
        for code, files in met.items()
    )
    return tuple(sorted(found, key=lambda hit: (-hit.findings, hit.code)))
