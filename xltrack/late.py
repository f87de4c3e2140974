"""Lets a package offer names whose modules are imported when somebody asks: no command waits for what another needs."""

from collections.abc import Callable
from importlib import import_module
from typing import Any


def offered(package: str, **homes: tuple[str, ...]) -> Callable[[str], Any]:
    """Return the `__getattr__` of `package`; `homes` are those of its modules that have what it offers, with the names.

    No name may be that of a module: once that is imported, the package would have the module by this name.
    """
    modules = {name: module for module, names in homes.items() for name in names}

    def found(name: str) -> Any:
        if name not in modules:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(f"{package}.{modules[name]}"), name)

    return found
