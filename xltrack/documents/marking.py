"""Lets a number in a Word file say what it is: a content control with a number of its own, and a list of what it is.

A click on a figure shows its control ("Số liệu 17"); the list is a part of the file that Word keeps and nobody sees.
"""

import io
import re
import zipfile
from collections.abc import Mapping
from typing import Any, NamedTuple, get_args
from xml.sax.saxutils import quoteattr

from docx.document import Document as Draft
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn

from xltrack.documents.figures import Number, Origin, Piece
from xltrack.forms import PeriodKind
from xltrack.language import Lang, Text

Element = Any
"""An element of the file; the types of lxml say of each of its parts that it may not be there."""
_LISTS = re.compile(r"customXml/[^/]+\.xml")
_SPACE = "urn:xltrack:figures"
_TITLE = Text("Số liệu {}", "Figure {}")
_TAG = "xltrack-"
_PROPERTIES = (
    '<ds:datastoreItem ds:itemID="{8F1A6C52-1322-4A36-9D5E-2B7F30C4E136}" '
    'xmlns:ds="http://schemas.openxmlformats.org/officeDocument/2006/customXml"><ds:schemaRefs>'
    f'<ds:schemaRef ds:uri="{_SPACE}"/></ds:schemaRefs></ds:datastoreItem>'
)
"""By which Word knows our part, and keeps it."""


class Marked(NamedTuple):
    """What a document says of one of its numbers: how it is shown, and where in a roll-up it stands.

    `period_kind` is of which kind of rounds that roll-up is, None where the document does not say.
    """

    shown: str
    origins: tuple[Origin, ...]
    period_kind: PeriodKind | None = None


class Marks:
    """The numbers of one document."""

    def __init__(self, lang: Lang, period_kind: PeriodKind) -> None:
        """Begin with none, of rounds of `period_kind`; `lang` is the language of the titles of controls."""
        self._lang, self._period_kind = lang, period_kind
        self._numbers: dict[str, Number] = {}

    def marked(self, run: Element, piece: Piece) -> Element:
        """Return `run`, within a content control if it shows a number."""
        if isinstance(piece, str):
            return run
        tag = f"{_TAG}{len(self._numbers) + 1}"
        self._numbers[tag] = piece
        return _control(run, tag)

    def close(self, draft: Draft) -> None:
        """Number the controls of `draft` in the order in which they stand, and put the list of them into it."""
        lines = [f'<figures xmlns="{_SPACE}" period="{self._period_kind}">']
        for place, control in enumerate(_controls(draft.element.body), 1):
            lines += _listed(place, self._numbers[_said(control, "tag")])
            _say(control, "tag", f"{_TAG}{place}")
            _say(control, "alias", _TITLE.to(self._lang).format(place))
            _say(control, "id", str(place))
        content = "\n".join([*lines, "</figures>"]).encode()
        package = draft.part.package
        part = Part(package.next_partname("/customXml/item%d.xml"), CONTENT_TYPE.XML, content, package)
        draft.part.relate_to(part, RELATIONSHIP_TYPE.CUSTOM_XML)
        name = package.next_partname("/customXml/itemProps%d.xml")
        properties = Part(name, CONTENT_TYPE.OFC_CUSTOM_XML_PROPERTIES, _PROPERTIES.encode(), package)
        part.relate_to(properties, RELATIONSHIP_TYPE.CUSTOM_XML_PROPS)


def read_marked(content: bytes) -> Mapping[str, Marked] | None:
    """Return the numbers of a Word file by what their controls are called ("17"), None if it is no report of xltrack.

    What somebody has typed over a number is told as shown.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = [archive.read(name) for name in archive.namelist() if _LISTS.fullmatch(name)]
            document = parse_xml(archive.read("word/document.xml"))
    except (zipfile.BadZipFile, KeyError, ValueError):
        return None
    listed = next((parse_xml(part) for part in parts if _SPACE.encode() in part), None)
    if listed is None:
        return None
    origins = {str(one.get("id")): tuple(_origin(each) for each in one) for one in listed}
    shown = {_said(control, "tag").removeprefix(_TAG): _text(control) for control in _controls(document)}
    kind = next((one for one in get_args(PeriodKind) if one == listed.get("period")), None)
    return {place: Marked(text, origins[place], kind) for place, text in shown.items() if place in origins}


def forget_marked(draft: Draft) -> None:
    """Take out of a template what an earlier report has noted in it: its numbers are only text there."""
    for control in _controls(draft.element.body):
        _say(control, "tag", "")
    for name, relation in list(draft.part.rels.items()):
        if relation.reltype == RELATIONSHIP_TYPE.CUSTOM_XML and _SPACE.encode() in relation.target_part.blob:
            del draft.part.rels[name]


def unmark(root: Element) -> None:
    """Leave of the numbers below `root` only their text; the list is of those of the body."""
    for control in _controls(root):
        for run in control.findall(f"{qn('w:sdtContent')}/*"):
            control.addprevious(run)
        control.getparent().remove(control)


def _control(run: Element, tag: str) -> Element:
    control, properties, inner = (new_element(f"w:{name}") for name in ("sdt", "sdtPr", "sdtContent"))
    for name in ("alias", "tag", "id"):
        one = new_element(f"w:{name}")
        one.set(qn("w:val"), tag)
        properties.append(one)
    parent = run.getparent()
    if parent is not None:
        parent.remove(run)
    inner.append(run)
    control.append(properties)
    control.append(inner)
    return control


def new_element(name: str) -> Element:
    """Return an empty element, such as "w:r"."""
    return OxmlElement(name)


def _controls(body: Element) -> list[Element]:
    """Return the controls that are ours, in the order in which they stand."""
    return [one for one in body.iter(qn("w:sdt")) if _said(one, "tag").startswith(_TAG)]


def _said(control: Element, name: str) -> str:
    found = control.find(f"{qn('w:sdtPr')}/{qn(f'w:{name}')}")
    return "" if found is None else str(found.get(qn("w:val")))


def _say(control: Element, name: str, value: str) -> None:
    found = control.find(f"{qn('w:sdtPr')}/{qn(f'w:{name}')}")
    if found is not None:
        found.set(qn("w:val"), value)


def _text(control: Element) -> str:
    return "".join(text.text or "" for text in control.iter(qn("w:t")))


def _listed(place: int, number: Number) -> list[str]:
    origins = [_stated(origin) for origin in number.origins]
    return [f'<number id="{place}">', *origins, "</number>"]


def _stated(origin: Origin) -> str:
    where = "".join(
        f'<where name={quoteattr(name)} value={quoteattr(str(value))} type="{type(value).__name__}"/>'
        for name, value in origin.where
    )
    return f"<origin frame={quoteattr(origin.frame)} column={quoteattr(origin.column)}>{where}</origin>"


def _origin(stated: Element) -> Origin:
    where = tuple((str(one.get("name")), _value(one)) for one in stated)
    return Origin(str(stated.get("frame")), str(stated.get("column")), where)


def _value(stated: Element) -> str | int:
    text = str(stated.get("value"))
    return int(text) if stated.get("type") == "int" else text
