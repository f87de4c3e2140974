"""Write, or with --check compare, every file that is derived from schemas/, the finding codes and the commands.

Templates are compared part by part, because two machines may compress the same workbook differently.
"""

import os
import shutil
import struct
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click

from xltrack.cli.main import cli
from xltrack.excel.template import LARGE, TemplateOptions, template_name, write_template
from xltrack.findings import Code, catalogue
from xltrack.findings.catalogue import in_full
from xltrack.forms import Column, Form, load_schemas
from xltrack.language import Text
from xltrack.reading import REASONS
from xltrack.report.explained import LIFECYCLES
from xltrack.report.text import SEVERITIES, VERDICTS

ROOT = Path(__file__).resolve().parent.parent

BANNER = "<!-- Made by `make generate`: do not edit. -->"
MESSES = ROOT / "tests" / "messes" / "cases.toml"
USAGE = ROOT / "xltrack" / "cli" / "usage.vi.toml"
_MO_HEADER = "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=1; plural=0;\n"
_MO_MAGIC = 0x950412DE
ARRIVALS = ROOT / "tests" / "messes" / "arrivals.toml"
ROOMS = {
    "file": Text("Tệp", "The file"),
    "workbook": Text("Sổ tính và các trang", "The workbook and its worksheets"),
    "row": Text("Dòng", "Rows"),
    "cell": Text("Ô", "Cells"),
}
WORTH = {
    "current": Text("được tính", "counts"),
    "correction": Text("bản sửa đổi được tính", "counts as a correction"),
    "superseded": Text("có bản khác thay", "another one counts instead"),
    "duplicate": Text("trùng, không tính lại", "a duplicate, not counted again"),
    "held": Text("chờ quyết định", "held for a person"),
    "rejected": Text("không tính", "does not count"),
}
ROWS = {
    "all": Text("đọc đủ mọi giá trị", "every value is read"),
    "told": Text(
        "giá trị nào không đọc được đều được nêu rõ ở đâu", "what is not read is named with its place"
    ),
    "none": Text("không đọc giá trị nào", "nothing is read"),
}


def templates(target: Path) -> None:
    """Write the standard blank workbook of every form into `target`, and one with room for 5,000 rows a sheet."""
    schemas = load_schemas()
    for form in schemas.forms.values():
        path = target / template_name(form, None, None)
        write_template(path, form, schemas)
        roomy = path.with_stem(f"{path.stem}_{LARGE}-dong")
        write_template(roomy, form, schemas, TemplateOptions(capacity=LARGE))


def reference(target: Path) -> None:
    """Write the pages about columns, codes, commands, the ledger of cells and messy workbooks into `target`."""
    pages = {
        "columns.md": _columns,
        "findings.md": _findings,
        "commands.md": _commands,
        "ledger.md": _ledger,
        "messes.md": _messes,
    }
    for name, lines in pages.items():
        text = "\n".join([BANNER, "", *lines()]).rstrip() + "\n"
        (target / name).write_text(text, encoding="utf-8", newline="\n")


def usage(target: Path) -> None:
    """Write what click says in Vietnamese into `target` as gettext reads it (GNU gettext, "MO files")."""
    declared = tomllib.loads(USAGE.read_text(encoding="utf-8"))
    said = {"": _MO_HEADER, **declared["said"]}
    said |= {f"{one['one']}\0{one['more']}": one["vi"] for one in declared["counted"]}
    path = target / "vi" / "LC_MESSAGES" / "xltrack.mo"
    path.parent.mkdir(parents=True)
    path.write_bytes(_catalogue({key.encode(): value.encode() for key, value in said.items()}))


def _catalogue(said: dict[bytes, bytes]) -> bytes:
    """Return the head, the two tables of lengths and places, and the texts, in the order of the keys."""
    keys = sorted(said)
    tables = 28
    texts = tables + 16 * len(keys)
    places, content = b"", b""
    for text in (*keys, *(said[key] for key in keys)):
        places += struct.pack("<II", len(text), texts + len(content))
        content += text + b"\0"
    head = struct.pack("<7I", _MO_MAGIC, 0, len(keys), tables, tables + 8 * len(keys), 0, texts)
    return head + places + content


GENERATORS: dict[str, Callable[[Path], None]] = {
    "templates_xlsx": templates,
    "xltrack/cli/locale": usage,  # before the page of commands, which is in these words
    "docs/reference": reference,
}
"""Each directory holds what its generator writes, and nothing else."""


def _columns() -> Iterator[str]:
    yield "# Biểu mẫu và cột — Forms and columns"
    for form in load_schemas().forms.values():
        yield from ("", f"## {form.id} {form.version}: {form.title.vi} — {form.title.en}")
        yield from _sheets(form)


def _sheets(form: Form) -> Iterator[str]:
    for sheet in form.sheets:
        yield from ("", f"### {sheet.tab} (`{sheet.id}`): {sheet.title.vi} — {sheet.title.en}", "")
        yield from (f"{sheet.help.vi} — {sheet.help.en}", "")
        if sheet.key:
            yield from ("Khóa — Key: " + ", ".join(f"`{column}`" for column in sheet.key), "")
        yield "| Cột — Column | id | Kiểu — Type | Hướng dẫn — Help |"
        yield "| --- | --- | --- | --- |"
        yield from (_row(column) for column in sheet.columns)


def _row(column: Column) -> str:
    heading = column.heading()
    kind = f"`{column.code_list}`" if column.code_list else "money" if column.money else column.type
    cells = (f"{heading.vi} — {heading.en}", f"`{column.id}`", kind, f"{column.help.vi} — {column.help.en}")
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def _findings() -> Iterator[str]:
    yield "# Mã phát hiện — Finding codes"
    yield from (
        "",
        "| Mã — Code | Tên — Name | Mức — Severity | Vòng đời — Lifecycle |",
        "| --- | --- | --- | --- |",
    )
    for code in catalogue().values():
        standing = f"{_both(SEVERITIES[code.severity])} | {_both(LIFECYCLES[code.lifecycle])}"
        yield f"| [{code.code}](#{code.code.lower()}-{code.name}) | `{code.name}` | {standing} |"
    for code in catalogue().values():
        yield from _finding(code)


def _finding(code: Code) -> Iterator[str]:
    yield from ("", f"## {code.code} {code.name}", "")
    yield f"**{_both(SEVERITIES[code.severity])}** · {_both(LIFECYCLES[code.lifecycle])} · {code.since}"
    yield ""
    for text in (code.message, code.hint, code.explanation):
        yield from (f"- {in_full(text.vi)}", f"  — {in_full(text.en)}")
    yield f"- Căn cứ — Source: {code.source}"


def _both(text: Text) -> str:
    return f"{text.vi} — {text.en}"


def _ledger() -> Iterator[str]:
    yield "# Sổ đếm ô — The ledger of cells"
    yield from (
        "",
        "Mọi ô có nội dung của một tệp là ô dữ liệu, hoặc không được đọc vì một trong các lý do sau.",
    )
    yield from ("— Every cell with content of a file is data, or is not read for one of these reasons.", "")
    yield from ("| Lý do — Reason | |", "| --- | --- |")
    yield from (f"| `{reason}` | {title.vi} — {title.en} |" for reason, title in REASONS.items())


def _commands() -> Iterator[str]:
    yield "# Lệnh — Commands"
    for command in ("", *_every(cli)):
        yield from ("", f"## xltrack {command}".rstrip())
        for lang in ("vi", "en"):
            yield from ("", "```text", _help(command, lang), "```")


def _every(group: click.Group, before: str = "") -> Iterator[str]:
    """Yield the commands of `group` in their order, each followed by those below it."""
    for name, command in group.commands.items():
        yield f"{before}{name}"
        if isinstance(command, click.Group):
            yield from _every(command, f"{before}{name} ")


def _help(command: str, lang: str) -> str:
    words = [sys.executable, "-m", "xltrack", *command.split(), "--help"]
    settings = os.environ | {"XLTRACK_LANG": lang, "COLUMNS": "100", "PYTHONUTF8": "1", "NO_COLOR": "1"}
    answer = subprocess.run(words, cwd=ROOT, env=settings, capture_output=True, encoding="utf-8", check=True)
    return "\n".join(line.rstrip() for line in answer.stdout.strip().splitlines())


def _messes() -> Iterator[str]:
    yield "# Sổ tính lộn xộn và cách xltrack xử lý — Messy workbooks and what xltrack makes of them"
    yield ""
    yield "Mỗi dòng là một phép thử: đúng việc ấy được làm với một sổ tính đã biết trước số liệu (`tests/messes`)."
    yield "Each row is a test: just that is done to a workbook whose figures are known (`tests/messes`)."
    cases = tomllib.loads(MESSES.read_text(encoding="utf-8"))["case"]
    for room, title in ROOMS.items():
        yield from ("", f"## {_both(title)}", "")
        yield "| Phép thử — Case | Chuyện gì xảy ra — What happens | Kết quả — Result | Phát hiện — Findings |"
        yield "| --- | --- | --- | --- |"
        yield from (_mess(case) for case in cases if case["name"].startswith(f"{room}/"))
    yield from _arrivals()


def _arrivals() -> Iterator[str]:
    """Yield the cases of several files: what each is worth, and what its sender is told."""
    yield from ("", "## Giữa các tệp — Between files", "")
    yield "Thứ tự hợp nhất không đổi kết quả. — The order of merging changes nothing."
    yield from (
        "",
        "| Phép thử — Case | Chuyện gì xảy ra — What happens | Từng tệp — Each file |",
        "| --- | --- | --- |",
    )
    for case in tomllib.loads(ARRIVALS.read_text(encoding="utf-8"))["case"]:
        files = "<br>".join(f"`{file}`: {_worth(*said.split())}" for file, said in case["expect"].items())
        yield f"| `{case['name']}` | {case['vi']} — {case['en']} | {files} |"


def _worth(state: str, *codes: str) -> str:
    return "; ".join((_both(WORTH[state]), *map(_named, codes)))


def _mess(case: dict[str, Any]) -> str:
    codes = list(dict.fromkeys(text.partition(" ")[0] for text in case.get("finds", ())))
    happens = f"{case['vi']} — {case['en']}"
    result = f"{_both(_verdict(case))}: {_both(ROWS[case.get('rows', 'all')])}"
    if "note_vi" in case:
        result += f". {case['note_vi']} — {case['note_en']}"
    cells = (f"`{case['name']}`", happens, result, "; ".join(map(_named, codes)))
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _verdict(case: dict[str, Any]) -> Text:
    verdict = VERDICTS[case.get("verdict", "accepted")]
    return Text(verdict.vi.lower(), verdict.en.lower())


def _named(code: str) -> str:
    known = catalogue()[code]
    return f"[{code}](findings.md#{code.lower()}-{known.name}) {_both(SEVERITIES[known.severity])}"


def content(path: Path) -> object:
    """Return what must be equal for two generated files to be the same."""
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as archive:
            return [(entry, archive.read(entry)) for entry in archive.namelist()]
    return path.read_bytes()


def differences(fresh: Path, kept: Path) -> list[str]:
    """Return the names of files below either directory that the two do not share alike."""
    found = {name.relative_to(base) for base in (fresh, kept) for name in base.rglob("*") if name.is_file()}
    return [
        name.as_posix()
        for name in sorted(found)
        if not (
            (fresh / name).is_file()
            and (kept / name).is_file()
            and content(fresh / name) == content(kept / name)
        )
    ]


def main(arguments: list[str]) -> int:
    """Bring every generated directory up to date; with --check change nothing, and return 1 if one is not."""
    stale = []
    for name, generator in GENERATORS.items():
        with tempfile.TemporaryDirectory() as temporary:
            fresh = Path(temporary)
            generator(fresh)
            changed = differences(fresh, ROOT / name)
            stale += [f"{name}/{file}" for file in changed]
            if "--check" not in arguments:
                _replace(fresh, ROOT / name, changed)
    print("\n".join(stale) if stale else "Every generated file is up to date.")
    if stale and "--check" in arguments:
        print(
            "These files are not what `make generate` writes. Run it, and look at what changed.",
            file=sys.stderr,
        )
        return 1
    return 0


def _replace(fresh: Path, kept: Path, changed: list[str]) -> None:
    for file in changed:
        target = kept / file
        if (fresh / file).is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(fresh / file, target)
        else:
            target.unlink()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
