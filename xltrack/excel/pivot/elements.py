"""Elements of the main namespace, which parts for pivots write without a prefix."""

from collections.abc import Iterable, Mapping

from lxml import etree

from xltrack.excel.opc import MAIN, Element, parse


def root_of(tag: str, attributes: Mapping[str, str]) -> Element:
    """Return the root of a new part."""
    root = parse(f'<{tag} xmlns="{MAIN}"/>'.encode())
    for name, value in attributes.items():
        root.set(name, value)
    return root


def add(parent: Element, tag: str, **attributes: str) -> Element:
    """Put a child behind those of `parent` and return it."""
    return etree.SubElement(parent, f"{{{MAIN}}}{tag}", attributes)


def add_all(parent: Element, tag: str, entry: str, entries: Iterable[Mapping[str, str]]) -> Element:
    """Put a collection with its count behind the children of `parent` and return it."""
    listed = list(entries)
    made = add(parent, tag, count=str(len(listed)))
    for attributes in listed:
        add(made, entry, **attributes)
    return made
