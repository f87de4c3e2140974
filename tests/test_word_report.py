"""The Word report says what the roll-up says, number by number, and every number in it can be traced."""

import io
import re

import polars as pl
import pytest
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt
from openxml_audit import OpenXmlValidator

from tests.rollup_stores import rollup_of, store_of
from tests.store_samples import SCHEMAS
from xltrack.documents.marking import read_marked
from xltrack.documents.subject import Subject
from xltrack.documents.word import blank_word_report, word_report
from xltrack.errors import TemplateRefused, UnknownName
from xltrack.pipeline import Edition, trace_cell, write_report
from xltrack.rollup import DIMENSIONS
from xltrack.rollup.figures import make_figures
from xltrack.rollup.trace import Trace

RETURNS = """
unit   | year | figures  | received
T63-24 | 2024 | actual   | 2024-11-20T02:00:00
T63-27 | 2024 | actual   | 2024-11-20T02:00:00
BO-XD  | 2024 | actual   | 2024-11-20T02:00:00
T34-24 | 2025 | actual   | 2025-11-20T02:00:00
T34-01 | 2025 | estimate | 2025-12-02T02:00:00
BO-XD  | 2025 | actual   | 2025-11-20T02:00:00
"""
SHEETS = {
    "applications": """
        unit   | year | tax_code | pilot_model | tool_code | task_group
        T63-24 | 2024 | A        | yes         | ISO-9001  | N4
        T63-27 | 2024 | B        | .           | 5S        | N4
        T34-24 | 2025 | A        | .           | 5S        | N4
        T34-24 | 2025 | C        | yes         | 5S        | N4
        T34-24 | 2025 | D        | .           | LEAN      | N4
        T34-01 | 2025 | E        | .           | 5S        | N4
        BO-XD  | 2025 | A        | .           | 5S        | N4
        """,
    "funding": """
        unit   | year | of   | source       | amount
        T63-24 | 2024 | 2024 | local_budget | 1250000000
        T34-24 | 2025 | 2025 | local_budget | 1550000001
        T34-24 | 2025 | 2025 | enterprise   | 949999999
        T34-01 | 2025 | 2025 | other        | 12350000
        """,
    "training": """
        unit   | year | course_id | start_date | participants | women | enterprises | certified_experts
        T34-24 | 2025 | K1        | 2025-03-01 | 1250         | 400   | 30          | 7
        """,
    "obstacles": """
        unit   | year | obstacle            | proposal            | deciding_level
        T34-24 | 2025 | Thiếu cán bộ        | Tổ chức đào tạo     | most
        T34-24 | 2025 | Chưa có ưu đãi thuế | Xem xét ưu đãi      | prime_minister
        T34-01 | 2025 | Chưa có ưu đãi thuế | Xem xét ưu đãi      | prime_minister
        """,
    "targets": """
        unit   | year | period | target_value | actual_value
        T34-24 | 2025 | 2025   | 12           | 3
        """,
}
UNITS = {"tỷ đồng": (1_000_000_000, 50_000_000), "triệu đồng": (1_000_000, 50_000)}


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return store_of(tmp_path_factory.mktemp("store") / "national.duckdb", RETURNS, **SHEETS)


@pytest.fixture(scope="module")
def written(store, tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "Báo cáo.docx"
    return path, Subject(write_report(store, path), SCHEMAS, "vi", 2025)


@pytest.fixture(scope="module")
def path(written):
    return written[0]


@pytest.fixture(scope="module")
def subject(written):
    return written[1]


def text_of(element):
    return "".join(text.text or "" for text in element.iter(qn("w:t")))


def lines(content):
    """Return the paragraphs of the body that stand in no table."""
    body = Document(io.BytesIO(content)).element.body
    return [text_of(one) for one in body.findall(qn("w:p")) if text_of(one)]


def tables(content):
    """Return every table as rows of texts, content controls among them."""
    body = Document(io.BytesIO(content)).element.body
    return [
        [[text_of(cell) for cell in row.findall(qn("w:tc"))] for row in table.findall(qn("w:tr"))]
        for table in body.findall(qn("w:tbl"))
    ]


def table(content, heading):
    return next(rows for rows in tables(content) if rows[0][0] == heading)


NAMES = ("measure", "period", "figures_kind", "view", "unit_code", *DIMENSIONS)


def marks_in(content):
    """Return what the numbers of a report are, by name; it must say so."""
    marked = read_marked(content)
    assert marked is not None
    return marked


def values_of(subject, marked):
    """Return by the name of each number what the roll-up has where it is from; a figure that is not there is nought."""
    figures = {row[:-1]: row[-1] for row in subject.rollup.figures.select(*NAMES, "value").rows()}

    def value_of(origin):
        where = dict(origin.where)
        if origin.frame == "figures":
            assert set(NAMES[:4]) <= where.keys() <= set(NAMES)
            return figures.get(tuple(where.get(name) for name in NAMES), 0)
        (row,) = subject.rollup.frames[origin.frame].filter(**where).to_dicts()
        return row[origin.column]

    return {name: sum(value_of(origin) for origin in one.origins) for name, one in marked.items()}


def agrees(shown, value):
    """Return whether "1.234,5", "2,5 tỷ đồng", or millions in a table, are `value` as a reader would round it."""
    found = re.fullmatch(r"(-?[\d.]+(?:,\d+)?)(?: (tỷ đồng|triệu đồng))?", shown)
    assert found, shown
    number = float(found[1].replace(".", "").replace(",", "."))
    factor, tolerance = UNITS.get(found[2], (1, 0))
    if not found[2] and value >= 1_000_000:
        factor, tolerance = UNITS["triệu đồng"]
    return abs(number * factor - float(value)) <= tolerance


def test_every_number_is_that_of_the_roll_up(path, subject):
    marked = marks_in(path.read_bytes())
    assert len(marked) > 200
    values = values_of(subject, marked)
    wrong = [(name, one) for name, one in marked.items() if not agrees(one.shown, values[name])]
    assert wrong == []
    assert {"figures", "growth", "coverage_rounds", "plan36_counts"} <= {
        origin.frame for one in marked.values() for origin in one.origins
    }


def test_no_number_of_a_table_stands_there_without_saying_what_it_is(path):
    body = Document(path).element.body
    loose = [
        text_of(cell)
        for cell in body.iter(qn("w:tc"))
        if re.fullmatch(r"[\d.,]+", text_of(cell)) and cell.find(f".//{qn('w:sdt')}") is None
    ]
    assert loose == []


def test_trace_explains_a_figure_of_the_text_of_a_table_and_of_an_annex(path, store):
    wanted = {
        ("enterprises_supported", "2025", "actual", None): 3,
        ("funding", "2025", "actual", None): 2_500_000_000,
        ("participants", "2025", "actual", "T34-24"): 1250,
    }
    marked = marks_in(path.read_bytes())
    for (measure, period, kind, unit), value in wanted.items():
        named = {"measure": measure, "period": period, "figures_kind": kind, "unit_code": unit}
        place = next(
            name
            for name, one in marked.items()
            if {n: dict(one.origins[0].where).get(n) for n in named} == named and len(one.origins) == 1
        )
        traced = trace_cell(store, str(path), f"Số liệu {place}")
        assert isinstance(traced, Trace)
        assert traced.value == value
        assert traced.rows.height


def test_a_number_that_is_no_single_figure_says_what_it_is(path, store):
    marked = marks_in(path.read_bytes())
    counted = next(name for name, one in marked.items() if one.origins[0].frame == "coverage_rounds")
    summed = next(name for name, one in marked.items() if len(one.origins) > 1)
    with pytest.raises(UnknownName, match="from the table `coverage_rounds`"):
        trace_cell(store, str(path), counted)
    with pytest.raises(UnknownName, match="sum of 2 figures, of the units BO-XD, T34-24"):
        trace_cell(store, str(path), summed)
    with pytest.raises(UnknownName, match="no figure in the report `9999`"):
        trace_cell(store, str(path), "9999")


def test_word_has_nothing_to_repair_in_it(path, tmp_path):
    (tmp_path / "mau.docx").write_bytes(blank_word_report("en", of_unit=True))
    for one in (path, tmp_path / "mau.docx"):
        assert list(OpenXmlValidator().validate(one).errors) == []


def test_it_has_the_form_of_an_administrative_document(path):
    draft = Document(path)
    page, annex = draft.sections[0], draft.sections[1]
    sizes = (page.page_width, page.page_height)
    margins = (page.top_margin, page.bottom_margin, page.left_margin, page.right_margin)
    assert [round(size.mm) for size in (*sizes, *margins) if size] == [210, 297, 20, 20, 30, 15]
    normal = draft.styles["Normal"]
    assert (normal.font.name, normal.font.size) == ("Times New Roman", Pt(14))
    assert page.different_first_page_header_footer
    assert page.first_page_header.paragraphs[0].text == ""
    assert "PAGE" in page.header._element.xml
    assert (annex.page_width or 0) > (annex.page_height or 0)
    head = tables(path.read_bytes())[0]
    assert head[0] == [
        "BỘ KHOA HỌC VÀ CÔNG NGHỆ",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAMĐộc lập - Tự do - Hạnh phúc",
    ]
    assert re.fullmatch(r"Số: +/BC-BKHCN", head[1][0])
    assert re.fullmatch(r"Hà Nội, ngày +tháng +năm 20…", head[1][1])
    body = lines(path.read_bytes())
    assert body[0] == "BÁO CÁO"
    assert body[1].startswith("Kết quả thực hiện năm 2025 Chương trình quốc gia")
    assert body[2] == "Kính gửi: Thủ tướng Chính phủ."


def test_who_has_reported_is_told_by_number_and_who_has_not_by_name(path):
    body = lines(path.read_bytes())
    assert "2/34 tỉnh, thành phố đã gửi báo cáo, trong đó đúng hạn 1, muộn 1." in body
    absent = next(line for line in body if line.startswith("Chưa có báo cáo"))
    assert "Cao Bằng" in absent
    lacking = "Số liệu các giai đoạn chỉ gồm các năm 2024–2025; chưa có báo cáo nào được tính của các năm 2021–2023."
    assert lacking in body, "years without a return are no zeros"
    assert "Bắc Ninh" not in absent
    units = {row[0]: row[1:] for row in table(path.read_bytes(), "Đơn vị")[1:]}
    assert units["Cao Bằng"] == ["Chưa báo cáo", *["–"] * 8]
    assert units["Bắc Ninh"][:2] == ["Đúng hạn", "3"]


def test_an_estimate_says_so_and_is_never_added_to_actual_figures(path):
    body = lines(path.read_bytes())
    supported = "3 (thực hiện) và 1 (ước thực hiện) doanh nghiệp được hỗ trợ"
    assert any(line.startswith(f"Trong năm 2025 có {supported}") for line in body)
    units = {row[0]: row for row in table(path.read_bytes(), "Đơn vị")}
    assert units["Hà Nội"][2] == "1 (ước thực hiện)"


def test_money_is_written_as_the_ministry_writes_it(path):
    (line,) = [one for one in lines(path.read_bytes()) if one.startswith("Kinh phí giải ngân:")]
    assert (
        "2,5 tỷ đồng (thực hiện) và 12,4 triệu đồng (ước thực hiện), trong đó ngân sách nhà nước 1,6 tỷ"
        in line
    )
    money = {row[0]: row[1:3] for row in table(path.read_bytes(), "Loại số (triệu đồng)")}
    assert money["Giải ngân"] == ["2.500,0 (thực hiện) và 12,4 (ước thực hiện)", "1.550,0"]


def test_what_the_prime_minister_must_decide_comes_first_and_alike_ones_once(path):
    body = lines(path.read_bytes())
    first = next(place for place, line in enumerate(body) if line.startswith("Thủ tướng Chính phủ ("))
    assert body[first : first + 4] == [
        "Thủ tướng Chính phủ (1 (thực hiện) và 1 (ước thực hiện) ý kiến)",
        "Chưa có ưu đãi thuế. Kiến nghị: Xem xét ưu đãi. (Hà Nội, Bắc Ninh)",
        "Bộ Khoa học và Công nghệ (1 ý kiến)",
        "Thiếu cán bộ. Kiến nghị: Tổ chức đào tạo. (Bắc Ninh)",
    ]


def test_the_same_figures_give_the_same_bytes_without_the_name_of_whoever_made_them(path, subject):
    assert word_report(subject) == path.read_bytes()
    properties = Document(path).core_properties
    assert (properties.author, properties.last_modified_by) == ("", "")
    assert str(properties.created).startswith("2025-12-02")


def test_a_unit_has_a_report_of_its_own_with_nothing_of_the_others(store, tmp_path):
    path = tmp_path / "Bắc Ninh.docx"
    subject = Subject(write_report(store, path, Edition(unit="T34-24")), SCHEMAS, "vi", 2025)
    content = path.read_bytes()
    assert tables(content)[0][0][0] == "ỦY BAN NHÂN DÂN TỈNH BẮC NINH"
    assert any(line.startswith("Trong năm 2025 có 3 doanh nghiệp") for line in lines(content))
    assert table(content, "Chỉ tiêu")[1][1:] == ["2025", "12", "3", "–"]
    assert not any("Hà Nội" in line for line in lines(content))
    marked = marks_in(content)
    values = values_of(subject, marked)
    for name, one in marked.items():
        assert dict(one.origins[0].where)["unit_code"] == "T34-24"
        assert agrees(one.shown, values[name])


@pytest.mark.parametrize(
    ("kind", "title", "supported"),
    [
        (
            "half",
            "Sơ kết kết quả thực hiện 6 tháng đầu năm 2025",
            "Trong 6 tháng đầu năm 2025 có 2 doanh nghiệp",
        ),
        (
            "five_year",
            "Tổng kết kết quả thực hiện giai đoạn 2021–2025",
            "Trong giai đoạn 2021–2025 có 2 doanh nghiệp",
        ),
    ],
)
def test_reviews_are_of_returns_of_their_own_kind(kind, title, supported, tmp_path):
    unit = "T63-24" if kind == "half" else "T34-24"
    store = store_of(
        tmp_path / "national.duckdb",
        f"""
        unit   | year | period
        {unit} | 2025 | {kind}
        """,
        applications=f"""
        unit   | year | tax_code
        {unit} | 2025 | A
        {unit} | 2025 | B
        """,
    )
    write_report(store, tmp_path / "report.docx", period=kind)
    body = lines((tmp_path / "report.docx").read_bytes())
    assert body[1].startswith(title)
    assert any(line.startswith(f"{supported} được hỗ trợ. Số được hỗ trợ lần đầu: 2.") for line in body)
    assert "Chưa có số liệu." in body, "there is no year before to compare with"
    with pytest.raises(UnknownName, match="no return of the round `annual`"):
        write_report(store, tmp_path / "annual.docx")


def template_of(tmp_path, *parts):
    """Return a template with one paragraph whose runs are `parts`, as Word cuts them while somebody types."""
    draft = Document()
    paragraph = draft.add_paragraph()
    for place, part in enumerate(parts):
        paragraph.add_run(part).bold = place == 0
    draft.save(tmp_path / "mau.docx")
    return tmp_path / "mau.docx"


def test_a_template_of_ones_own_keeps_its_looks_however_word_has_cut_it(subject, tmp_path):
    parts = ("Có {{enter", "prises_supp", "orted before}} DN, ", "{{year}}: {{participants}} lượt")
    template = template_of(tmp_path, *parts)
    content = word_report(subject, template)
    assert lines(content) == ["Có 2 DN, 2025: 1.250 lượt"]
    (number,) = [one for one in marks_in(content).values() if one.shown == "2"]
    assert dict(number.origins[0].where)["period"] == "2024"
    control = Document(io.BytesIO(content)).element.body.find(f".//{qn('w:sdt')}")
    assert control.find(f".//{qn('w:b')}") is not None, "it looks as the place where the placeholder began"


@pytest.mark.parametrize(
    ("placeholder", "hint"),
    [
        ("{{enterprises_suported}}", "{{enterprises_supported}}"),
        ("{{funding}}", "{{funding}}"),
        ("{{enterprises_supported colour=red}}", "{{enterprises_supported}}"),
        ("{{table tool}}", "{{table tools}}"),
        ("{{}}", "{{enterprises_supported}}"),
        ("{{year", "{{year}}"),
    ],
)
def test_a_placeholder_that_there_is_none_of_is_named(placeholder, hint, subject, tmp_path):
    with pytest.raises(UnknownName) as refused:
        word_report(subject, template_of(tmp_path, placeholder))
    assert placeholder in str(refused.value)
    assert hint in str(refused.value)


@pytest.mark.parametrize(
    ("placeholder", "named"),
    [
        ("{{enterprises_supported tool=ISO-9002}}", "`tool=ISO-9002`. .* one of .*ISO-9001"),
        ("{{funding funding_kind=spent}}", "`funding_kind=spent`. .* one of .*disbursed"),
        ("{{enterprises_supported sector=2018-ZZ}}", "`sector=2018-ZZ`"),
    ],
)
def test_a_code_that_there_is_none_of_is_named_and_no_nought(placeholder, named, subject, tmp_path):
    with pytest.raises(UnknownName, match=named):
        word_report(subject, template_of(tmp_path, placeholder))


def test_a_code_of_which_nothing_was_reported_is_nought(subject, tmp_path):
    content = word_report(subject, template_of(tmp_path, "{{enterprises_supported tool=ISO-50001}}"))
    assert lines(content) == ["0"]


def test_in_a_template_of_one_unit_its_own_return_is_told(store, tmp_path):
    template = template_of(tmp_path, "{{list coverage}}")
    write_report(store, tmp_path / "a.docx", Edition(unit="T34-24", template=template))
    line, lacking = lines((tmp_path / "a.docx").read_bytes())
    assert line.startswith("Báo cáo năm 2025 của tỉnh Bắc Ninh: ")
    assert "chỉ gồm các năm 2024–2025" in lacking, "the provinces that it was made of reported for 2024"


@pytest.mark.parametrize("held", ["w:hyperlink", "w:ins", "w:sdtContent"])
def test_a_placeholder_is_filled_wherever_word_keeps_it(held, subject, tmp_path):
    draft = Document()
    box = OxmlElement(held)
    run = draft.add_paragraph().add_run("{{year}}")._r
    run.addprevious(box)
    box.append(run)
    if held == "w:sdtContent":
        control = OxmlElement("w:sdt")
        box.addprevious(control)
        control.append(box)
    header = draft.sections[0].header
    header.add_table(1, 1, Pt(200)).cell(0, 0).text = "{{enterprises_supported before}}"
    merged = draft.add_table(2, 2)
    merged.cell(0, 0).merge(merged.cell(1, 1)).text = "{{list coverage}}"
    draft.save(tmp_path / "mau.docx")
    made = Document(io.BytesIO(word_report(subject, tmp_path / "mau.docx")))
    assert text_of(made.element.body.find(qn("w:p"))) == "2025"
    top = made.sections[0].header._element
    assert text_of(top) == "2"
    assert top.find(f".//{qn('w:sdt')}") is None, "a number in a header is not on the list"
    assert "{{" not in text_of(made.element.body)


def test_the_blank_template_gives_the_usual_report(path, subject, tmp_path):
    (tmp_path / "mau.docx").write_bytes(blank_word_report("vi", of_unit=False))
    made = word_report(subject, tmp_path / "mau.docx")
    assert lines(made) == lines(path.read_bytes())
    assert tables(made) == tables(path.read_bytes())


def test_a_report_that_is_filled_in_is_no_template_until_something_is_to_be_filled_in(
    path, subject, tmp_path
):
    with pytest.raises(TemplateRefused, match=r"no placeholder .*--blank"):
        word_report(subject, path)
    draft = Document(str(path))
    draft.add_paragraph("{{year}}")
    draft.save(tmp_path / "mau.docx")
    again = word_report(subject, tmp_path / "mau.docx")
    assert lines(again) == [*lines(path.read_bytes()), "2025"]
    assert not read_marked(again)


def test_what_is_no_word_file_is_no_template(subject, tmp_path):
    (tmp_path / "mau.docx").write_text("không phải Word", encoding="utf-8")
    with pytest.raises(TemplateRefused, match=r"template .* cannot be used: it is no Word file \(\.docx\)"):
        word_report(subject, tmp_path / "mau.docx")
    with pytest.raises(TemplateRefused, match="not there"):
        word_report(subject, tmp_path / "khong-co.docx")


def test_what_provinces_typed_is_shown_and_does_nothing(tmp_path):
    rollup = rollup_of(
        tmp_path / "national.duckdb",
        """
        unit   | year
        T34-24 | 2025
        """,
        obstacles="""
        unit   | year | obstacle                    | proposal                      | deciding_level
        T34-24 | 2025 | {{year}} <w:p> & "ngoặc"\uffff | Liên hệ a.b@bacninh.gov.vn    | most
        """,
    )
    body = lines(word_report(Subject(rollup, SCHEMAS, "vi", 2025)))
    (line,) = [one for one in body if "ngoặc" in one]
    assert line.startswith('{{year}} <w:p> & "ngoặc"�.')
    assert "a.b@" not in line


def test_only_the_draft_in_word_is_of_one_year_or_unit(store, tmp_path):
    with pytest.raises(UnknownName, match=r"no option of \.html `--unit`"):
        write_report(store, tmp_path / "report.html", Edition(unit="T34-24"))
    with pytest.raises(UnknownName, match=r"no return for 2025 of the unit `T34-44`"):
        write_report(store, tmp_path / "report.docx", Edition(unit="T34-44"))
    with pytest.raises(UnknownName, match=r"no return of the round `annual 2023`.* for: 2024, 2025"):
        write_report(store, tmp_path / "report.docx", Edition(year=2023))
    write_report(store, tmp_path / "report.docx", Edition(year=2024))
    told = "Trong năm 2024 có 2 doanh nghiệp được hỗ trợ; tính chung giai đoạn 2021–2025: 4 (thực hiện)"
    assert any(line.startswith(told) for line in lines((tmp_path / "report.docx").read_bytes()))


def test_a_measure_that_does_not_reconcile_is_named_and_none_of_its_figures_printed(
    store, tmp_path, monkeypatch
):
    def wrong(opened):
        one_more = (
            pl.when(pl.col("measure") == "funding", pl.col("unit_code") == "T34-24").then(1).otherwise(0)
        )
        return make_figures(opened).with_columns(pl.col("value") + one_more)

    monkeypatch.setattr("xltrack.rollup.compute.make_figures", wrong)
    write_report(store, tmp_path / "report.docx")
    content = (tmp_path / "report.docx").read_bytes()
    assert any(line.startswith("Không in vì") and line.endswith(": Kinh phí.") for line in lines(content))
    measures = {
        dict(origin.where).get("measure") for one in marks_in(content).values() for origin in one.origins
    }
    assert "funding" not in measures
    assert {"funding_state", "enterprises_supported"} <= measures
    assert any("Kinh phí giải ngân: chưa có số liệu" in line for line in lines(content))
