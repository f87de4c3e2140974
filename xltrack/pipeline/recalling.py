"""Tells everything that the store knows of a unit or an enterprise."""

import re
from datetime import date
from pathlib import Path

from xltrack.errors import UnknownName
from xltrack.forms import load_schemas
from xltrack.hanoi import until
from xltrack.language import Text
from xltrack.pipeline.naming import one_unit
from xltrack.store import open_store
from xltrack.store.known import EnterpriseHistory, UnitHistory, enterprise_history, unit_history

_TAX_CODE = re.compile(r"(\d{10})(?:-?\d{3})?|\d{12}")


def history(
    store: Path | str, name: str, *, as_of: date | None = None, schemas: Path | None = None
) -> UnitHistory | EnterpriseHistory:
    """Return what the store knows of `name`: a unit's code or name, or the tax code of an enterprise.

    A branch stands with its enterprise. With `as_of` it is what was known by the end of that day, or at that moment.
    Raises UnknownName for a unit that does not exist or an enterprise of which the store knows nothing; StoreError.
    """
    declared = load_schemas(schemas)
    code = _TAX_CODE.fullmatch(name.replace(" ", ""))
    with open_store(Path(store), declared, read_only=True, as_of=until(as_of) if as_of else None) as opened:
        if code is None:
            return unit_history(opened, one_unit(name, declared))
        found = enterprise_history(opened, code[1] or code[0])
    if found.enterprises.is_empty() and found.applications.is_empty():
        hint = Text("Không báo cáo nào được tính nhắc đến mã này.", "No return that counts names this code.")
        raise UnknownName(
            kind=Text("doanh nghiệp có mã số thuế", "enterprise with tax code"), name=name, hint=hint
        )
    return found
