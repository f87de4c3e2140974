"""The quick screen and jsonschema agree: no row passes that jsonschema rejects, and the errors are the same."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from xltrack.checking import patterns
from xltrack.checking.constraints import errors_of, screen_of
from xltrack.checking.patterns import Untranslatable, translate
from xltrack.checking.prescreen import Part, parts
from xltrack.checking.rows import AT
from xltrack.forms import ColumnType, load_schemas
from xltrack.reading.model import DTYPES

FORM = load_schemas().form()
TYPES: dict[str, ColumnType] = {
    "text": "string",
    "other": "string",
    "day": "date",
    "whole": "integer",
    "real": "number",
    "flag": "boolean",
}
TEXTS = (
    "a", "A", "0101234567", "0101234567\n", "010123456７", "a b", "Hòa Bình", "Hoà", "é", "é", "x\x1cy", " ", "",
    "DP-1", "1322", "2025-02-30", "²", "½", "a\u2028b", "٣", "😀", "\u200b", "true", "[", "12345678901234567890",
)  # fmt: skip
VALUES = {
    "string": st.sampled_from(TEXTS),
    "date": st.sampled_from([date(1, 1, 1), date(999, 12, 31), date(2025, 6, 15), date(9999, 12, 31)]),
    "integer": st.sampled_from([0, 1, -1, 2, 10, 2021, 2**53, 2**53 + 1, 2**63 - 1, -(2**63)]),
    "number": st.sampled_from(
        [0.0, -0.0, 1.0, 0.5, -2.5, 2.0**53, 1e300, float("inf"), float("-inf"), float("nan")]
    ),
    "boolean": st.booleans(),
}
PATTERNS = (
    "^[0-9]{10}$", r"^\d+$", r"\s", r"\S", r"^\w+$", r"\bb", "^a", "b$", "^.$", "(?:a|b)+", "(?i)a", r"(a)\1", r"\Z",
    "[[:alpha:]]", "^[^a]*$", "a*+", "^[A-ZĐ]", r"^[a\]b[c]", "DP-[A-Z0-9-]{1,20}$",
)  # fmt: skip
SCALARS = st.sampled_from(
    ["a", "", "2025-06-15", "Hoà", 0, 1, 1.0, 0.5, 2**53 + 1, 2.0**53, -(2**63), 2**63, True, False]
)
LIMITS = st.sampled_from([0, 1, -1, 0.5, 1.5, 2021, 2**53, 2**53 + 1, 2**63, -(2**63), -1e300, 1e300])
LENGTHS = st.integers(0, 12)
COLUMNS = st.sampled_from([*TYPES, "absent"])


def any_of(keywords):
    """Return schemas made of up to three of the keywords."""
    return st.dictionaries(st.sampled_from(sorted(keywords)), st.none(), max_size=3).flatmap(
        lambda chosen: st.fixed_dictionaries({word: keywords[word] for word in chosen})
    )


def joined(schemas, keywords):
    """Return schemas that also join others: allOf, anyOf, not, if."""
    several = st.lists(schemas, min_size=1, max_size=2)
    joins = {
        "allOf": several,
        "anyOf": several,
        "not": schemas,
        "if": schemas,
        "then": schemas,
        "else": schemas,
    }
    return any_of(keywords | joins)


OF_VALUES = {
    "type": st.sampled_from(["string", "integer", "number", "boolean", "object", ["integer", "string"]]),
    "enum": st.lists(SCALARS, min_size=1, max_size=4),
    "const": SCALARS,
    "pattern": st.sampled_from(PATTERNS),
    "minLength": LENGTHS,
    "maxLength": LENGTHS,
    "minimum": LIMITS,
    "maximum": LIMITS,
    "exclusiveMinimum": LIMITS,
    "exclusiveMaximum": LIMITS,
    "multipleOf": st.just(2),
    "format": st.sampled_from(["date", "email"]),
    "x-code-list": st.just("units"),
}
VALUE = st.recursive(st.booleans() | any_of(OF_VALUES), lambda inner: joined(inner, OF_VALUES), max_leaves=4)
OF_ROWS = {
    "type": st.sampled_from(["object", "string"]),
    "properties": st.dictionaries(COLUMNS, VALUE, max_size=3),
    "required": st.lists(COLUMNS, unique=True, max_size=3),
    "dependentRequired": st.dictionaries(COLUMNS, st.lists(COLUMNS, unique=True, max_size=2), max_size=2),
    "additionalProperties": st.booleans(),
    "minProperties": st.integers(0, 4),
    "oneOf": st.just([{"required": ["text"]}, {"required": ["day"]}]),
}
SCHEMA = st.recursive(any_of(OF_ROWS), lambda inner: joined(inner, OF_ROWS), max_leaves=5)


def rows_of(types: Any) -> Any:
    return st.lists(
        st.fixed_dictionaries({name: st.none() | VALUES[kind] for name, kind in types.items()}),
        min_size=1,
        max_size=6,
    )


def frame_of(rows, types):
    columns = {
        name: pl.Series([row[name] for row in rows], dtype=DTYPES[kind]) for name, kind in types.items()
    }
    return pl.DataFrame(columns).with_row_index(AT)


def told(errors):
    """Return errors in a form that can be compared: where, by which keyword, and which column is asked for.

    Other sentences of jsonschema quote the row, of which the screen shows it only the columns that matter.
    """
    return sorted(
        (
            list(map(str, e.absolute_path)),
            str(e.validator),
            e.message if "equired" in str(e.validator) else "",
        )
        for e in errors
    )


def by_jsonschema(schema: Any, rows: Any) -> Iterator[tuple[int, list[Any]]]:
    validator = Draft202012Validator(schema, format_checker=FormatChecker(["date"]))
    for at, row in enumerate(rows):
        known = {n: v.isoformat() if isinstance(v, date) else v for n, v in row.items() if v is not None}
        if errors := list(validator.iter_errors(known)):
            yield at, told(errors)


def by_screen(screen: Any, rows: Any, types: Any) -> dict[int, list[Any]]:
    found: dict[int, list] = {}
    frame = frame_of(rows, types)
    for part in screen:
        for at, errors in errors_of(part, frame, types):
            found.setdefault(at, []).extend(errors)
    return {at: told(errors) for at, errors in found.items()}


@settings(max_examples=300)
@given(schema=SCHEMA, rows=rows_of(TYPES))
def test_random_schemas_give_the_errors_of_jsonschema(schema, rows):
    assert by_screen(parts(schema, TYPES), rows, TYPES) == dict(by_jsonschema(schema, rows))


# Values on which the two engines, or whole numbers and doubles, are known to differ.
DIFFICULT = [
    ({"pattern": "^[0-9]{10}$"}, "text", "0101234567\n"),
    ({"not": {"pattern": "^[0-9]{10}$"}}, "text", "0101234567\n"),
    ({"not": {"pattern": r"^\w+$"}}, "text", "½"),
    ({"pattern": r"^\w+$"}, "text", "e\u0301"),
    ({"not": {"pattern": r"^\s$"}}, "text", "\x1c"),
    ({"not": {"pattern": r"^\d$"}}, "text", "\U0001e5f1"),
    ({"type": "integer"}, "real", float("inf")),
    ({"type": "integer"}, "real", 0.5),
    ({"not": {"minimum": 1}}, "real", float("nan")),
    ({"maximum": 1}, "real", float("nan")),
    ({"minimum": 0.5}, "whole", 0),
    ({"exclusiveMinimum": 0.5}, "whole", 0),
    ({"exclusiveMinimum": 1}, "whole", 1),
    ({"maximum": 0.5}, "whole", 1),
    ({"exclusiveMaximum": 1.5}, "whole", 2),
    ({"minimum": 2**53 + 1}, "whole", 2**53),
    ({"not": {"maximum": 2**53}}, "whole", 2**53),
    ({"minimum": 2**53 + 1}, "real", 2.0**53),
    ({"maximum": 2**63}, "whole", 2**63 - 1),
    ({"minimum": 2**64}, "whole", 2**63 - 1),
    ({"const": 1}, "flag", True),
    ({"const": True}, "whole", 1),
    ({"enum": [False, 2]}, "real", 0.0),
    ({"pattern": "(?i)a"}, "text", "b"),
    ({"pattern": r"\Z"}, "whole", 1),
    ({"not": {"const": 1.0}}, "whole", 1),
    ({"not": {"const": 2**53 + 1}}, "real", 2.0**53),
    ({"not": {"enum": ["0999-12-31"]}}, "day", date(999, 12, 31)),
    ({"maxLength": 1}, "text", "e\u0301"),
    ({"minLength": 2}, "text", "😀"),
    ({"type": "string"}, "whole", 1),
]


@pytest.mark.parametrize(("demand", "column", "value"), DIFFICULT)
def test_values_on_which_the_engines_differ_get_the_verdict_of_jsonschema(demand, column, value):
    for schema in ({"properties": {column: demand}}, {"not": {"properties": {column: demand}}}):
        rows = [dict.fromkeys(TYPES) | {column: value}]
        assert by_screen(parts(schema, TYPES), rows, TYPES) == dict(by_jsonschema(schema, rows))


@pytest.mark.parametrize("sheet", FORM.sheets, ids=lambda sheet: sheet.id)
@settings(max_examples=15)
@given(data=st.data())
def test_random_rows_of_the_form_give_the_errors_of_jsonschema(sheet, data):
    types = {column.id: column.type for column in sheet.columns}
    allowed = {
        c.id: st.sampled_from(sheet.row_schema["properties"][c.id].get("enum", ["A"])) for c in sheet.columns
    }
    row = {
        n: st.none() | VALUES[k] | (allowed[n] if k == "string" else st.nothing()) for n, k in types.items()
    }
    rows = data.draw(st.lists(st.fixed_dictionaries(row), min_size=1, max_size=6))
    assert by_screen(screen_of(sheet), rows, types) == dict(by_jsonschema(sheet.row_schema, rows))


@pytest.mark.parametrize(
    "keyword", ["oneOf", "patternProperties", "$ref", "unevaluatedProperties", "minProperties"]
)
def test_a_keyword_that_the_compiler_does_not_know_sends_every_row_to_jsonschema(keyword):
    schema = {"properties": {"text": {"maxLength": 3}}, keyword: {}}
    (whole,) = parts(schema, TYPES)
    assert whole.schema is schema
    assert whole.columns == tuple(TYPES)
    frame = frame_of([dict.fromkeys(TYPES)] * 3, TYPES)
    assert frame.filter(whole.flag).height == 3


def test_demands_that_no_row_can_fail_are_left_out():
    schema = {
        "type": "object",
        "title": "t",
        "properties": {"text": {"type": "string"}, "real": {"type": "number"}},
    }
    assert parts(schema, TYPES) == ()


def test_rows_that_agree_share_one_verdict():
    part = Part({"properties": {"text": {"const": "b"}}}, ("text",), pl.lit(True))
    frame = frame_of([dict.fromkeys(TYPES) | {"text": "a", "whole": n} for n in range(50)], TYPES)
    found = list(errors_of(part, frame, TYPES))
    assert len(found) == 50
    assert len({id(errors) for _, errors in found}) == 1


@pytest.mark.parametrize(
    "pattern",
    [
        r"(?i)a",
        r"(a)\1",
        r"\Z",
        "[[:alpha:]]",
        "a*+",
        "[a&&b]",
        r"[a\]b[c]",
        r"\p{L}",
        "(?=a)",
        "a{,3}",
        "[]a]",
    ],
)
def test_a_pattern_that_the_engines_read_differently_is_refused(pattern):
    with pytest.raises(Untranslatable):
        translate(pattern)


def test_every_pattern_of_the_form_is_screened_quickly():
    texts = [c.schema["pattern"] for sheet in FORM.sheets for c in sheet.columns if "pattern" in c.schema]
    assert len(texts) > 5
    assert all(translate(text)[0] == text for text in texts)


@pytest.mark.parametrize("letter", "dDsSwW")
def test_both_engines_agree_on_classes_wherever_a_text_is_trusted(letter):
    pattern, doubtful = patterns.translate(rf"^\{letter}$")
    characters = [chr(code) for code in range(0x3000) if not 0xD800 <= code <= 0xDFFF]
    frame = pl.DataFrame({"c": characters})
    trusted = frame.filter(~pl.col("c").str.contains(doubtful))
    assert trusted.height >= 95
    by_polars = trusted.select(pl.col("c").str.contains(pattern)).to_series().to_list()
    schema = Draft202012Validator({"pattern": pattern})
    assert by_polars == [schema.is_valid(c) for c in trusted["c"]]
