"""Reads the schemas directory into forms, code lists, units and rounds."""

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from xltrack.errors import SchemaError, UnknownName
from xltrack.forms.code_lists import Code, CodeList, Display
from xltrack.forms.location import digest_of, schemas_directory, shipped
from xltrack.forms.model import Carry, Column, Form, Reference, Sheet
from xltrack.forms.units import Round, Succession, Unit, Units
from xltrack.language import Text

_CODE_COLUMNS = {
    "code", "label_vi", "label_en", "parent", "synonyms", "valid_from", "valid_to", "source", "verified", "note",
}  # fmt: skip


@dataclass(frozen=True)
class Schemas:
    """Everything declared in one schemas directory."""

    directory: Path
    forms: Mapping[str, Form]
    code_lists: Mapping[str, CodeList]
    units: Units

    def form(self, form_id: str | None = None) -> Form:
        """Return the form `form_id`, by default the only one declared; raises UnknownName."""
        wanted = form_id or next(iter(self.forms))
        if wanted not in self.forms:
            kind = Text("biểu mẫu", "form")
            raise UnknownName(kind=kind, name=wanted, hint=", ".join(self.forms))
        return self.forms[wanted]

    def codes_of(self, column: Column) -> CodeList | None:
        """Return the code list of `column`, narrowed by its filter; None if it has none."""
        if column.code_list is None:
            return None
        key = (column.code_list, *(column.code_filter or {}).items())
        if key not in self._narrowed:
            self._narrowed[key] = self.code_lists[column.code_list].having(column.code_filter)
        return self._narrowed[key]

    @cached_property
    def _narrowed(self) -> dict[tuple[object, ...], CodeList]:
        """Return the narrowed lists made so far: each keeps an index of its spellings that is dear to build."""
        return {}

    def table(self, name: str) -> list[dict[str, str]]:
        """Return the rows of the further table `name` ("indicator_targets" …); none if it has no file."""
        path = self.directory / "code_lists" / f"{name}.csv"
        return _rows(path) if path.exists() else []

    def round_words(self, name: str) -> Text:
        """Return what people call the round `name` ("2025-annual"): "Năm 2025"; the name itself if it is no round's."""
        year, _, kind = name.partition("-")
        label = getattr(self.code_lists["period_kinds"].by_code.get(kind), "label", None)
        if label is None or not year.isdecimal():
            return Text(name, name)
        span = f"{int(year) - 4}–{year}" if kind == "five_year" else year
        return Text(f"{label.vi} {span}", f"{label.en} {span}")

    @cached_property
    def fingerprint(self) -> str:
        """Return the first 16 hex digits of their digest (`digest_of`): the version of the code lists."""
        return digest_of(self.directory)[:16]


def load_schemas(directory: Path | None = None) -> Schemas:
    """Return the schemas in `directory`, else in XLTRACK_SCHEMAS, else those shipped; raises SchemaError.

    Schemas that did not come with xltrack are checked against the metaschema first.
    """
    return _load(schemas_directory(directory).resolve())


@cache
def _load(directory: Path) -> Schemas:
    if not (directory / "forms").is_dir():
        raise SchemaError(
            path=directory, reason=Text("không có thư mục con `forms`", "it has no folder `forms`")
        )
    if directory != shipped("schemas").resolve():
        from xltrack.forms.metaschema import check_directory  # noqa: PLC0415  # shipped schemas need no jsonschema here

        check_directory(directory)
    units = _load_units(directory / "units")
    lists = {
        entry["list"]: _load_list(directory, entry) for entry in _rows(directory / "code_lists" / "lists.csv")
    }
    lists["units"] = units.as_code_list
    forms = [_load_form(path, lists) for path in sorted((directory / "forms").iterdir()) if path.is_dir()]
    return Schemas(directory, {form.id: form for form in forms}, lists, units)


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [
                {name: value or "" for name, value in row.items() if name} for row in csv.DictReader(file)
            ]
    except (OSError, UnicodeDecodeError, csv.Error) as failure:
        raise SchemaError(path=path, reason=str(failure)) from failure


def _json(path: Path) -> dict[str, Any]:
    try:
        loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as failure:
        raise SchemaError(path=path, reason=str(failure)) from failure
    return loaded


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for word in text.split("|") if word)


def _load_list(directory: Path, entry: Mapping[str, str]) -> CodeList:
    path = directory / "code_lists" / f"{entry['list']}.csv"
    try:
        codes = tuple(_load_code(row) for row in _rows(path))
    except (KeyError, ValueError) as failure:
        raise SchemaError(path=path, reason=str(failure)) from failure
    display: Display = "code_label" if entry["display"] == "code_label" else "label"
    return CodeList(entry["list"], Text(entry["title_vi"], entry["title_en"]), display, codes)


def _load_code(row: Mapping[str, str]) -> Code:
    return Code(
        code=row["code"],
        label=Text(row["label_vi"], row["label_en"]),
        parent=row.get("parent", ""),
        synonyms=_words(row.get("synonyms", "")),
        valid_from=_date(row.get("valid_from", "")),
        valid_to=_date(row.get("valid_to", "")),
        source=row.get("source", ""),
        verified=row.get("verified", "yes") == "yes",
        note=row.get("note", ""),
        extra={name: value for name, value in row.items() if name not in _CODE_COLUMNS},
    )


def _load_units(directory: Path) -> Units:
    try:
        return Units(
            all=tuple(_load_unit(row) for row in _rows(directory / "units.csv")),
            crosswalk=tuple(_load_succession(row) for row in _rows(directory / "crosswalk.csv")),
            rounds=tuple(_load_round(row) for row in _rows(directory / "rounds.csv")),
        )
    except (KeyError, ValueError) as failure:
        raise SchemaError(path=directory, reason=str(failure)) from failure


def _load_unit(row: Mapping[str, str]) -> Unit:
    return Unit(
        code=row["code"],
        name=Text(row["name_vi"], row["name_en"]),
        kind=row["kind"],
        scheme=row["scheme"],
        bare_code=row["bare_code"],
        valid_from=_date(row["valid_from"]),
        valid_to=_date(row["valid_to"]),
        synonyms=_words(row["synonyms"]),
        source=row["source"],
        verified=row["verified"] == "yes",
        note=row["note"],
        order=int(row["order"]),
    )


def _load_succession(row: Mapping[str, str]) -> Succession:
    return Succession(
        row["predecessor"], row["successor"], date.fromisoformat(row["effective_on"]), row["source"]
    )


def _load_round(row: Mapping[str, str]) -> Round:
    return Round(
        year=int(row["year"]),
        period_kind=row["period_kind"],  # type: ignore[arg-type]  # the words are checked by a test of the shipped file
        province_scheme=row["province_scheme"],
        transition_scheme=row["transition_scheme"],
        expected_others=_words(row["expected_others"]),
        on_time_until=date.fromisoformat(row["on_time_until"]),
        data_from=date.fromisoformat(row["data_from"]),
        cut_off=date.fromisoformat(row["cut_off"]),
    )


def _load_form(directory: Path, lists: Mapping[str, CodeList]) -> Form:
    declared = _json(directory / "form.json")
    try:
        return Form(
            id=declared["id"],
            version=declared["version"],
            accepts=tuple(declared["accepts"]),
            title=Text(declared["title"], declared["x-title-en"]),
            help=Text(declared["description"], declared["x-help-en"]),
            instructions=tuple(Text(line["vi"], line["en"]) for line in declared["instructions"]),
            sheets=tuple(_load_sheet(directory / f"{name}.json", name, lists) for name in declared["sheets"]),
        )
    except KeyError as failure:
        raise SchemaError(path=directory / "form.json", reason=f"thiếu (missing) {failure}") from failure


def _load_sheet(path: Path, name: str, lists: Mapping[str, CodeList]) -> Sheet:
    declared = _json(path)
    required = declared.get("required", ())
    try:
        columns = tuple(_load_column(i, s, i in required) for i, s in declared["properties"].items())
        properties = {c.id: _with_codes(c, lists) for c in columns}
        return Sheet(
            id=name,
            tab=declared["x-tab"],
            title=Text(declared["title"], declared["x-title-en"]),
            help=Text(declared["description"], declared["x-help-en"]),
            layout=declared["x-layout"],
            columns=columns,
            key=tuple(declared.get("x-key", ())),
            capacity=declared.get("x-capacity", 500),
            row_schema=declared | {"properties": properties},
            carry=_load_carry(declared.get("x-carry"), tuple(properties)),
        )
    except KeyError as failure:
        raise SchemaError(
            path=path, reason=f"thiếu hoặc không có (missing or unknown) {failure}"
        ) from failure


def _load_carry(declared: Mapping[str, Any] | None, every: Sequence[str]) -> Carry | None:
    if declared is None:
        return None
    anew = declared.get("anew", ())
    columns = tuple(name for name in declared.get("columns", every) if name not in anew)
    return Carry(columns, _values_by_column(declared.get("where")), declared.get("until"))


def _load_column(column_id: str, declared: Mapping[str, Any], required: bool) -> Column:
    column = Column(
        id=column_id,
        type="date" if declared.get("format") == "date" else declared["type"],
        title=Text(declared["title"], declared["x-title-en"]),
        help=Text(declared["description"], declared["x-help-en"]),
        required=required,
        schema=declared,
        code_list=declared.get("x-code-list"),
        code_filter=_values_by_column(declared.get("x-code-filter")),
        code_parent=declared.get("x-code-parent"),
        code_open=declared.get("x-code-open", False),
        references=_load_reference(declared.get("x-references")),
    )
    return replace(
        column,
        money=declared.get("x-money", False),
        usual=tuple(declared["x-usual"]) if "x-usual" in declared else None,
        plausible=tuple(declared["x-plausible"]) if "x-plausible" in declared else None,
        checksum=declared.get("x-checksum"),
        confirmed_by=declared.get("x-confirmed-by"),
        personal=declared.get("x-personal", False),
        personal_id_where=_values_by_column(declared.get("x-personal-id-where")),
        contact=declared.get("x-contact"),
        period_day=declared.get("x-period-day"),
        unit_in=declared.get("x-unit-in"),
        width=declared.get("x-width", 16),
        example=declared.get("x-example"),
        synonyms=tuple(declared.get("x-synonyms", ())),
    )


def _values_by_column(declared: Mapping[str, Sequence[str]] | None) -> Mapping[str, tuple[str, ...]] | None:
    return {name: tuple(values) for name, values in declared.items()} if declared else None


def _load_reference(declared: str | Mapping[str, str] | None) -> Reference | None:
    if declared is None:
        return None
    if isinstance(declared, str):
        return Reference(None, {"": _target(declared)})
    return Reference(declared["by"], {value: _target(to) for value, to in declared.items() if value != "by"})


def _target(text: str) -> tuple[str, str]:
    sheet, _, column = text.partition(".")
    return sheet, column


def _with_codes(column: Column, lists: Mapping[str, CodeList]) -> Mapping[str, Any]:
    """Return the column's JSON Schema with its codes: a closed list as `enum`, an open one beside its pattern."""
    if column.code_list is None:
        return column.schema
    codes = list(
        dict.fromkeys(entry.code for entry in lists[column.code_list].having(column.code_filter).codes)
    )
    if not column.code_open:
        return {**column.schema, "enum": codes}
    other = {name: value for name, value in column.schema.items() if name != "pattern"}
    return {**other, "anyOf": [{"enum": codes}, {"pattern": column.schema["pattern"]}]}
