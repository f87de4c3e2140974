"""Understands the names that an operator gives."""

from xltrack.errors import UnknownName
from xltrack.forms import Schemas, Unit
from xltrack.language import Text


def one_unit(name: str, schemas: Schemas) -> Unit:
    """Return the unit that `name` (a code or name) means; raises UnknownName with what it may mean."""
    found = schemas.units.find(name)
    if len(found) == 1:
        return found[0]
    readings = ", ".join(f"{unit.code} {unit.name.vi}" for unit in found)
    hint = (
        Text(f"Có thể là: {readings}.", f"It may be {readings}.")
        if found
        else Text("Ghi mã như T34-24.", "Give a code as T34-24.")
    )
    raise UnknownName(kind=Text("đơn vị", "unit"), name=name, hint=hint)
