"""How right each tool is about a dirty round: its findings and rows against the truth, as a table."""

import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from benchmarks.dirty import DirtyRound
from benchmarks.dirty.score import Finding, Score, Told, kinds, score
from benchmarks.dirty.truth import Row
from benchmarks.measuring import Measured, measure_command, measure_program, together
from benchmarks.peers.goals import Goal
from benchmarks.peers.task import FILLED, write_task
from benchmarks.peers.tools import HERE, TOOLS, progress
from xltrack.forms import load_schemas
from xltrack.store import Store, open_store

OWN = "xltrack validate, merge --partial"
Judged = Mapping[str, tuple[Measured, Score]]
_MILLION = 1_000_000
_HELD_BACK = "XLT625"
"""The note that says of a row that it is in no figure."""


def judge_all(made: DirtyRound, folder: Path, python: Path) -> Judged:
    """Run every tool that tells rows or findings over `made`, once, in `folder`; return what it took and its score."""
    judged = {OWN: _judge_own(made, folder)}
    for name, tool in TOOLS.items():
        if tool.does != "reads":
            progress(f"dirty: {name}")
            out = folder / "told.json"
            task = write_task(folder, [path for path in made.paths if path.suffix == ".xlsx"], out)
            run = measure_program([str(python), str(HERE / tool.program), str(task), *tool.words])
            judged[name] = run, score(made.truth, told_by_peer(out))
    return judged


def told_by_peer(out: Path) -> Told:
    """Return what a peer wrote to `out`. A file that it gave up is one that it names."""
    told = json.loads(out.read_text(encoding="utf-8"))
    stopped = frozenset(reason.split(": ")[0] for reason in told["stopped"])
    findings = [Finding(*one) for one in told["findings"]]
    return Told(findings, told["rows"] if any(told["rows"].values()) else None, stopped, told.get("funding"))


def _judge_own(made: DirtyRound, folder: Path) -> tuple[Measured, Score]:
    progress(f"dirty: {OWN}")
    runs, told = run_own(made.paths[0].parent, folder)
    return runs, score(made.truth, told)


def run_own(received: Path, folder: Path) -> tuple[Measured, Told]:
    """Validate the folder `received` and merge its good rows into a store in `folder`; return what that told."""
    store, result = folder / "dirty.duckdb", folder / "findings.json"
    place = ["--store", str(store)]
    commands = (
        ["validate", str(received), "--format", "json", "-o", str(result), *place],
        ["merge", "--partial", str(received), *place],
    )
    runs = [measure_command([sys.executable, "-m", "xltrack", *words], worst=1) for words in commands]
    with open_store(store, load_schemas(), read_only=True) as opened:
        findings, refused = list(_validated(result)), frozenset(_refused(opened))
        held = frozenset(_held_back(opened))
        rows = {name: list(_stored(opened, name)) for name in FILLED}
        funding = int(opened.rows("SELECT sum(amount) FROM funding", [])[0][0] or 0)
    return together(runs), Told(findings, rows, refused, funding, held)


def answer_all(received: Path, folder: Path) -> Goal:
    """Write the marked workbook and the letter to every sender of `received` to `folder`; return how long it took."""
    progress("dirty: xltrack validate --return")
    words = [
        "validate",
        str(received),
        "--return",
        str(folder / "answers"),
        "--store",
        str(folder / "none.duckdb"),
    ]
    run = measure_command([sys.executable, "-m", "xltrack", *words], worst=1)
    return Goal("xltrack validate --return, every workbook marked", run.wall, 15, "s")


def _validated(result: Path) -> Iterator[Finding]:
    for file in json.loads(result.read_text(encoding="utf-8"))["files"]:
        for one in file["findings"]:
            is_note = one["severity"] == "note"
            yield Finding(
                Path(file["path"]).name, one["sheet"], one["row"], one["cell"], one["code"], is_note
            )


def _refused(store: Store) -> Iterator[str]:
    """Yield the files of which xltrack said that it took nothing."""
    for (file,) in store.rows(
        "SELECT file_name FROM submission WHERE verdict NOT IN ('accepted', 'partial')", []
    ):
        yield file


def _held_back(store: Store) -> Iterator[Row]:
    query = (
        "SELECT s.file_name, f.sheet, f.row FROM finding AS f JOIN submission AS s ON s.sha256 = f.submission "
        "WHERE f.code = ?"
    )
    yield from store.rows(query, [_HELD_BACK])


def _stored(store: Store, name: str) -> Iterator[Mapping[str, object]]:
    sheet = load_schemas().form().by_id[name]
    columns = [column.id for column in sheet.columns]
    asked = ", ".join(f"t.{column}" for column in columns)
    query = f"SELECT s.file_name, {asked} FROM {name} AS t JOIN submission AS s ON s.sha256 = t._submission"
    money = {column.id for column in sheet.columns if column.money}
    for file, *values in store.rows(query, []):
        pairs = ((column, value) for column, value in zip(columns, values, strict=True) if value is not None)
        yield {
            "_file": file,
            **{column: value / _MILLION if column in money else value for column, value in pairs},
        }


def correctness(judged: Judged) -> Iterator[str]:
    """Yield the table of scores, and below it what xltrack missed, said without reason, and lost."""
    yield (
        "| tool | seconds | mistakes found | of what a rule covers | exact address | findings below headings | false "
        "| precision | cells lost | funding off by million đồng | files given up |"
    )
    yield "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
    for name, (run, one) in judged.items():
        yield f"| {name} | {run.wall:.1f} | {' | '.join(_figures(one))} |"
    own = judged[OWN][1]
    yield ""
    yield from map(str, _goals(own))
    yield from _details(own)


def _figures(one: Score) -> Sequence[str]:
    checks = one.alarms > 0 or one.found > 0
    return (
        _share(one.found, one.mistakes) if checks else "–",
        _share(one.found_covered, one.covered) if checks else "–",
        _share(one.exact, one.found) if checks else "–",
        f"{one.alarms:,}" if checks else "–",
        f"{len(one.false):,}" if checks else "–",
        _share(one.alarms - len(one.false), one.alarms) if checks else "–",
        "–" if one.lost is None else f"{len(one.lost):,}",
        "–" if one.off is None else f"{one.off / _MILLION:,.0f}",
        str(one.stopped),
    )


def _share(some: int, of_all: int) -> str:
    return f"{some / of_all:.1%}" if of_all else "–"


def _goals(own: Score) -> Iterator[Goal]:
    yield Goal("mistakes that a rule covers and xltrack misses", own.covered - own.found_covered, 0)
    yield Goal("mistakes found at another address than their own", own.found - own.exact, 0)
    yield Goal("cells lost silently", len(own.lost or ()), 0)
    yield Goal("funding off", abs(own.off or 0), 0, "đồng")


def _details(own: Score) -> Iterator[str]:
    missed = Counter(one.kind for one in own.missed)
    false = Counter(one.code for one in own.false)
    uncovered = ", ".join(f"{kind} ({number})" for kind, number in missed.items()) or "nothing"
    yield f"\nOf {own.mistakes:,} mistakes of {kinds()} kinds in {own.values:,} cells xltrack missed: {uncovered}."
    yield f"Its false alarms: {', '.join(f'{code} ({number})' for code, number in false.items()) or 'none'}."
    for value in (own.lost or ())[:10]:
        yield f"Lost: {value.file}, {value.tab}, {value.cell}: {value.typed}"
