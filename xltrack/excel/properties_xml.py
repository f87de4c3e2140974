"""The custom properties of a workbook (ISO/IEC 29500-1, 22.3)."""

import zipfile
from typing import get_args

from lxml import etree

from xltrack.excel.opc import Package, PackageError
from xltrack.findings.outputs import PERIOD, PROPERTIES, SEAL, seal_of
from xltrack.forms import PeriodKind


def custom_property(package: Package, name: str) -> str | None:
    """Return the text of the property `name`, None if the workbook has none of that name."""
    part = package.related("", "custom-properties")
    if part is None or part not in package:
        return None
    found = (one for one in package.tree(part) if one.get("name") == name)
    return next(("".join(str(text) for text in one.itertext()) for one in found), None)


def period_kind_of(content: bytes) -> PeriodKind | None:
    """Return of which kind of rounds the figures of the workbook `content` are; None where it does not say."""
    try:
        return period_kind(Package(content))
    except (zipfile.BadZipFile, PackageError, etree.XMLSyntaxError, KeyError):
        return None


def period_kind(package: Package) -> PeriodKind | None:
    """Return of which kind of rounds the figures of a workbook are; None where it does not say."""
    said = custom_property(package, PERIOD)
    return next((kind for kind in get_args(PeriodKind) if kind == said), None)


def with_period_kind(content: bytes, kind: PeriodKind) -> bytes:
    """Return the workbook `content` saying that its figures are of the rounds of `kind`, if it says of which."""
    package = Package(content)
    part = package.related("", "custom-properties")
    if part is None or period_kind(package) in (None, kind):
        return content
    root = package.tree(part)
    for one in (one for one in root if one.get("name") == PERIOD):
        one[0].text = kind
    package.write_tree(part, root)
    return package.to_bytes()


def seal(package: Package) -> None:
    """Write into the property SEAL, which the workbook has, that all other parts are now as xltrack leaves them."""
    root = package.tree(PROPERTIES)
    (value,) = (value for one in root if one.get("name") == SEAL for value in one)
    value.text = seal_of(package.checksums())
    package.write_tree(PROPERTIES, root)
