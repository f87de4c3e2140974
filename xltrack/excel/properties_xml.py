"""The custom properties of a workbook (ISO/IEC 29500-1, 22.3)."""

from xltrack.excel.opc import Package


def custom_property(package: Package, name: str) -> str | None:
    """Return the text of the property `name`, None if the workbook has none of that name."""
    part = package.related("", "custom-properties")
    if part is None or part not in package:
        return None
    found = (one for one in package.tree(part) if one.get("name") == name)
    return next(("".join(str(text) for text in one.itertext()) for one in found), None)
