"""One identity per enterprise: what looks alike is listed for a person, and every figure follows what she decided."""

import csv
import shutil

import pytest

from tests.rollup_stores import store_of
from tests.store_samples import SCHEMAS
from xltrack.errors import UnknownName
from xltrack.pipeline.enterprises import decide_enterprises, review_enterprises
from xltrack.rollup import roll_up
from xltrack.store import decisions, look_alike, open_store
from xltrack.store.identities import successors
from xltrack.store.verify import faults

RETURNS = """
unit   | year
T63-24 | 2023
T63-24 | 2024
T63-27 | 2024
"""
LISTED = """
unit   | year | tax_code | enterprise_name              | province_code | address                   | commune
T63-24 | 2023 | A        | Công ty TNHH Cơ khí An Bình  | T63-24        | Số 12 đường Lê Lợi        | .
T63-27 | 2024 | A        | Công ty TNHH Cơ khí An Bình  | T63-27        | Số 12, đường Lê Lợi       | .
T63-24 | 2024 | B        | CTY TNHH CƠ KHÍ AN BÌNH      | T63-24        | 12 Lê Lợi                 | .
T63-27 | 2024 | C        | Công ty CP Cơ khí An Bình    | T63-27        | Lô 5 khu công nghiệp Quế Võ | .
T63-24 | 2024 | D        | Công ty Gốm Bát Nhã 2        | T63-24        | .                         | Phường Một
T63-24 | 2023 | E        | Công ty Gốm Bát Nhã 1        | T63-24        | .                         | Phường Một
T63-27 | 2024 | H        | Hộ kinh doanh Cơ khí An Bình | T63-27        | Số 12 đường Lê Lợi        | .
"""
USED = """
unit   | year | tax_code | application_id
T63-24 | 2023 | A        | HT1
T63-24 | 2024 | B        | HT1
T63-27 | 2024 | A        | HT1
T63-27 | 2024 | H        | HT2
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return store_of(
        tmp_path_factory.mktemp("made") / "s.duckdb", RETURNS, enterprises=LISTED, applications=USED
    )


@pytest.fixture
def store(made, tmp_path):
    for part in made.parent.iterdir():
        shutil.copy(part, tmp_path)
    return tmp_path / made.name


def supported(store, *periods):
    """Return the enterprises supported in each of `periods`, and in 2024 in either of the two units."""
    with open_store(store, SCHEMAS, read_only=True) as opened:
        rollup = roll_up(opened, SCHEMAS)
    nation = [rollup.figure("enterprises_supported", period) for period in periods]
    units = ("T63-24", "T63-27")
    return nation, [
        rollup.figure("enterprises_supported", "2024", view="63", unit_code=unit) for unit in units
    ]


def test_names_alike_at_one_address_are_listed_with_the_newer_code_as_that_of_today(store):
    with open_store(store, SCHEMAS, read_only=True) as opened:
        (pair,) = look_alike(opened)
    # Another address, another number in the name, and a household are other enterprises.
    assert (pair.former.tax_code, pair.today.tax_code) == ("0100233488", "0314409058")
    assert (pair.former.units, pair.today.years) == (("T63-24", "T63-27"), (2024,))


def test_what_was_decided_holds_in_every_figure_and_is_not_asked_again(store, tmp_path):
    path = tmp_path / "xem.csv"
    assert supported(store, "2023", "2024", "2021-2025") == ([1, 2, 2], [1, 1])
    assert len(review_enterprises(store, path)) == 1
    filled(path, decision="Là một", reason="đăng ký lại năm 2024")
    assert decide_enterprises(store, path, by="Phòng Kế hoạch") == (1, 1)
    assert decide_enterprises(store, path, by="Phòng Kế hoạch") == (1, 0)
    # Counted once in the nation, once in each unit; the roll-up reconciles, or it would have refused.
    assert supported(store, "2023", "2024", "2021-2025") == ([1, 1, 1], [1, 1])
    assert review_enterprises(store, path) == ()
    with open_store(store, SCHEMAS, read_only=True) as opened:
        assert [one.by for one in decisions(opened)] == ["Phòng Kế hoạch"]
        assert opened.rows("SELECT kind, subject FROM chain WHERE kind = 'decision'") == [
            ("decision", "0100233488 0314409058")
        ]
        assert list(faults(opened)) == []
    with open_store(store, SCHEMAS) as opened:
        with opened.transaction():
            opened.rows("UPDATE enterprise_decision SET is_same = FALSE")
        assert ["0100233488 0314409058" in fault.vi for fault in faults(opened)] == [True]


def test_two_that_were_said_to_be_different_stay_two_and_a_later_word_counts(store, tmp_path):
    path = tmp_path / "xem.csv"
    review_enterprises(store, path)
    filled(path, decision="khác", reason="hai pháp nhân")
    decide_enterprises(store, path, by="A")
    assert (review_enterprises(store, path), supported(store, "2024")[0]) == ((), [2])
    # Typed by hand, saved by Excel in Vietnamese: semicolons, and the leading zero is gone.
    path.write_text(
        "former_code;code;decision;reason\n100233488;314409058;same;xem lại hồ sơ\n", encoding="utf-8-sig"
    )
    decide_enterprises(store, path, by="B")
    assert supported(store, "2024")[0] == [1]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("0100233488,0314409058,có lẽ,x", "`có lẽ`"),
        ("0100233488,0314409058,same,", "lý do ở dòng 2"),
        ("010023348,031440905A,same,x", "mã số thuế ở dòng 2 `031440905A`"),
    ],
)
def test_what_is_no_decision_is_refused_by_row_and_nothing_is_recorded(store, tmp_path, line, said):
    path = tmp_path / "xem.csv"
    path.write_text(f"former_code,code,decision,reason\n{line}\n", encoding="utf-8")
    with pytest.raises(UnknownName) as caught:
        decide_enterprises(store, path, by="A")
    assert said in caught.value.message("vi")
    with open_store(store, SCHEMAS, read_only=True) as opened:
        assert decisions(opened) == ()


@pytest.mark.parametrize(
    ("changes", "today"),
    [
        ([("A", "B"), ("B", "C")], {"A": "C", "B": "C"}),
        ([("A", "C"), ("B", "C")], {"A": "C", "B": "C"}),
        ([("A", "B"), ("A", "C")], {"A": "C", "B": "C"}),
        ([("A", "B"), ("B", "A")], {"B": "A"}),
        ([("A", "B"), ("C", "D"), ("B", "D")], {"A": "D", "B": "D", "C": "D"}),
    ],
)
def test_a_code_leads_to_the_one_of_today_however_often_it_changed(changes, today):
    assert successors(changes) == today


def filled(path, **words):
    rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(row | words for row in rows)
