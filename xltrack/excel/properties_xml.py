"""The custom properties of a workbook (ISO/IEC 29500-1, 22.3)."""

import zipfile
from typing import get_args

from lxml import etree

from xltrack.excel.opc import OFFICE, Element, Package, PackageError
from xltrack.findings.outputs import PERIOD, PROPERTIES, SEAL, seal_of
from xltrack.forms import PeriodKind

_KIND = "custom-properties"
_CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_PROPERTIES = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_VARIANTS = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_NONE = f'<Properties xmlns="{_PROPERTIES}" xmlns:vt="{_VARIANTS}"/>'.encode()
_USERS_OWN = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
"""FMTID_UserDefinedProperties of [MS-OLEPS]; the numbers 0 and 1 are reserved there."""


def custom_property(package: Package, name: str) -> str | None:
    """Return the text of the property `name`, None if the workbook has none of that name."""
    part = package.related("", _KIND)
    if part is None:
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
    """Return the workbook `content` saying that its figures are of the rounds of `kind`."""
    package = Package(content)
    if period_kind(package) == kind:
        return content
    part = package.related("", _KIND) or _new_properties(package)
    root = package.tree(part)
    for former in [one for one in root if one.get("name") == PERIOD]:
        root.remove(former)
    _append(root, PERIOD, kind)
    package.write_tree(part, root)
    return package.to_bytes()


def _new_properties(package: Package) -> str:
    """Make the part of custom properties, with none in it; return its name."""
    pattern = "docProps/custom{}.xml" if PROPERTIES in package else PROPERTIES
    part = package.add(pattern, _NONE, _CONTENT_TYPE)
    package.relate("", f"{OFFICE}/{_KIND}", part)
    return part


def _append(root: Element, name: str, text: str) -> None:
    taken = [int(one.get("pid", "")) for one in root if one.get("pid", "").isdecimal()]
    number = max(taken, default=1) + 1
    facts = {"fmtid": _USERS_OWN, "pid": str(number), "name": name}
    new = etree.SubElement(root, f"{{{_PROPERTIES}}}property", facts)
    etree.SubElement(new, f"{{{_VARIANTS}}}lpwstr").text = text


def seal(package: Package) -> None:
    """Write into the property SEAL, which the workbook has, that all other parts are now as xltrack leaves them."""
    root = package.tree(PROPERTIES)
    (value,) = (value for one in root if one.get("name") == SEAL for value in one)
    value.text = seal_of(package.checksums())
    package.write_tree(PROPERTIES, root)
