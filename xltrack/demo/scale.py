"""How large the made-up programme is: fixed beforehand, so that the rollup can be held against it.

The five-year totals are sized to what was published of 2021-2025: "more than 6,400 enterprises" and "102 pilot
models"; the yearly growth lies within the 10-15 % of Decision 1322/QĐ-TTg. Everything else is invented.
"""

YEARS = (2021, 2022, 2023, 2024, 2025)

SUPPORTED = {2021: 1180, 2022: 1320, 2023: 1490, 2024: 1680, 2025: 1890}
"""Distinct enterprises supported in each year, all units together."""

CONTINUING = {2021: 0, 2022: 222, 2023: 263, 2024: 302, 2025: 345}
"""How many of them had been supported in an earlier year."""

DISTINCT = 6428
"""Distinct enterprises over the five years: those supported, less those who came again."""

NEW_PILOTS = {2021: 12, 2022: 17, 2023: 21, 2024: 24, 2025: 28}
"""Enterprises that become a pilot model in each year: 102 together."""

PILOTS = 102

SHARED = {2021: 6, 2022: 8, 2023: 11, 2024: 13, 2025: 15}
"""Enterprises that two units support in the same year: the units' sum exceeds the nation's count by these."""

COOPERATIVES = {2021: 30, 2022: 34, 2023: 41, 2024: 45, 2025: 52}
HOUSEHOLDS = {2021: 6, 2022: 5, 2023: 7, 2024: 4, 2025: 0}
"""Counted apart from enterprises. None in 2025: since 1/7/2025 a household's code is a personal id."""

PLANNED = {2021: 22, 2022: 25, 2023: 28, 2024: 33, 2025: 36}
STOPPED = {2021: 9, 2022: 11, 2023: 12, 2024: 14, 2025: 15}
PAST = {2021: 0, 2022: 10, 2023: 12, 2024: 14, 2025: 16}
"""Enterprises that stand in a return without counting: planned, given up, or ended the year before."""

MISSING_UNIT, MISSING_YEAR = "T34-44", 2025
"""The one unit that sends nothing, and when."""

SEED = 1322

PLANS_36 = {
    "T63-25": (2021, 2024),
    "T63-19": (2021, 2025),
    "T63-38": (2021, 2025),
    "T63-22": (2022, 2025),
    "T63-24": (2022, None),
    "T63-31": (2022, None),
    "T63-40": (2023, None),
    "T63-48": (2023, None),
    "T63-68": (2023, None),
    "T63-79": (2023, None),
    "T63-01": (2024, None),
    "T63-80": (2024, None),
    "T63-92": (2024, None),
    "T63-37": (2025, None),
}
"""Provinces with a Plan 36 plan: the year of issue, and of completion.

Fourteen, of fourteen different provinces of today, within the target of 12-15. That Phú Thọ, Thái Nguyên and Thanh Hóa
registered first is reported of 31/03/2021; all the rest is invented.
"""
