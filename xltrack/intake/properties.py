"""Reads the custom properties of a document."""

from collections.abc import Mapping
from typing import Final

from xltrack.intake.markup import parse
from xltrack.intake.model import too_many
from xltrack.intake.naming import name_of, named
from xltrack.intake.package import OFFICE, relations

PROPERTIES: Final = 10_000
_CUSTOM: Final = {f"{OFFICE}/custom-properties", f"{OFFICE}/customProperties"}


def custom_properties(markup: Mapping[str, bytes]) -> dict[str, str]:
    """Return the custom properties of the document as text by name; raises Refused."""
    parts = {relation.part: None for relation in relations(markup, "") if relation.type in _CUSTOM}
    found: dict[str, str] = {}
    for part in parts:
        if part in markup:
            with named(name_of(part)):
                found |= _properties(markup[part])
    return found


def _properties(xml: bytes) -> dict[str, str]:
    found: dict[str, str] = {}
    name = ""

    def start(element: str, attributes: dict[str, str]) -> None:
        nonlocal name
        if element.endswith(" property"):
            name = attributes.get("name", "")

    def characters(text: str) -> None:
        if name and text.strip():
            found[name] = found.get(name, "") + text
            if len(found) > PROPERTIES:
                raise too_many(PROPERTIES, "thuộc tính", "properties")

    parse(xml, start, characters)
    return found
