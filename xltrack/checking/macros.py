"""What rules may call, whichever database they ask."""

MACROS = (
    """
CREATE OR REPLACE TEMP MACRO folded(said) AS
    regexp_replace(replace(replace(strip_accents(lower(said)), 'đ', 'd'), ' ', ''), '[^a-z0-9%]+', '', 'g')
""",
    # What stands before the first digit, mostly all of a text, is sooner cut off than replaced piece by piece.
    """
CREATE OR REPLACE TEMP MACRO digits(said) AS
    regexp_replace(regexp_replace(said, '^[^0-9]+', ''), '[^0-9]+', '', 'g')
""",
    r"""
CREATE OR REPLACE TEMP MACRO own_name(enterprise) AS folded(regexp_replace(
    replace(strip_accents(lower(enterprise)), 'đ', 'd'),
    '\b(cong ty|cty|tnhh|trach nhiem huu han|co phan|cp|ctcp|mtv|mot thanh vien|hai thanh vien|tro len'
        || '|doanh nghiep tu nhan|dntn|hop tac xa|htx|chi nhanh|ho kinh doanh|tap doan|tong|va)\b',
    '', 'g'
))
""",
)
"""What rules may call: `folded`, the key under which two texts are the same (no marks, case, spaces, punctuation),
`digits`, those of a text, and `own_name`, the key of an enterprise's name without the words of its legal form."""
