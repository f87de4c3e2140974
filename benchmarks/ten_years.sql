-- A made-up store of $years annual rounds from 2021 on, written straight into its tables: the shapes of the demonstration's
-- returns, $rows rows for each of the 63 provinces and year. From 2025 on a merged province sends the rows of those it was
-- made of in one return, each enterprise with its former province.
CREATE OR REPLACE TEMP MACRO part(share) AS greatest(1, CAST($rows * share AS BIGINT));
CREATE OR REPLACE TEMP MACRO pick(codes, salt) AS codes[1 + CAST(hash(salt) % len(codes) AS BIGINT)];

CREATE OR REPLACE TEMP TABLE province AS
SELECT code, successor, row_number() OVER (ORDER BY ordinal) AS place
FROM unit
WHERE kind = 'province' AND scheme = '63';

-- Whose rows stand in which file, where in it they begin, and in which order the files were merged.
CREATE OR REPLACE TEMP TABLE sending AS
SELECT
    p.code AS province, p.place, y.year,
    CASE WHEN y.year < 2025 THEN p.code ELSE p.successor END AS sender,
    sha256(CASE WHEN y.year < 2025 THEN p.code ELSE p.successor END || y.year) AS file,
    row_number() OVER (
        PARTITION BY CASE WHEN y.year < 2025 THEN p.code ELSE p.successor END, y.year ORDER BY p.place
    ) - 1 AS nth,
    CAST(dense_rank() OVER (ORDER BY y.year, CASE WHEN y.year < 2025 THEN p.code ELSE p.successor END) AS INTEGER) AS entry
FROM province AS p
CROSS JOIN (SELECT unnest(range(2021, 2021 + $years)) AS year) AS y;

CREATE OR REPLACE TEMP TABLE listed AS
SELECT list(code) FILTER (list = 'tools') AS tools, list(code) FILTER (list = 'task_groups') AS groups
FROM code;

INSERT INTO submission BY NAME
SELECT
    file AS sha256, sender || '-' || year || '.xlsx' AS file_name, 'XLT-1322' AS form, '1.0' AS form_version,
    sender AS unit_code, year, 'annual' AS period_kind, 'actual' AS figures_kind, 1 AS submission_no,
    'full' AS submission_kind, 1 AS part_no, 1 AS part_count, 'million' AS currency_unit, FALSE AS nil_report,
    make_timestamp(year, 11, 20, 3, 0, 0) AS received_at, make_timestamp(year, 11, 21, 3, 0, 0) AS merged_at,
    'benchmark' AS tool_version, 'benchmark' AS schemas_version, 'accepted' AS verdict, file AS content_sha256,
    0 AS cells, 0 AS mapped, '{}' AS ignored, 'path' AS source_kind, sender || '-' || year || '.xlsx' AS source,
    '{}' AS control_totals, '' AS findings_sha256, 0 AS chain_no, entry AS entry_no
FROM sending
GROUP BY ALL
ORDER BY entry;

-- As many bytes of a received file as a workbook of so many rows has, 52 a row, though not its content.
INSERT INTO original_piece BY NAME
SELECT file AS sha256, CAST(unnest(range(1, 2 + pieces)) AS INTEGER) AS piece_no, encode(rpad(file, 4000, '.')) AS content
FROM (
    SELECT file, CAST(count(*) * $rows * 52 // 4000 AS BIGINT) AS pieces FROM sending GROUP BY file, entry ORDER BY entry
);

INSERT INTO cover BY NAME
SELECT
    file AS _submission, 'BIA' AS _sheet, 5 AS _row, 'XLT-1322' AS form_id, sender AS unit_code, 'annual' AS period_kind, year,
    'actual' AS figures_kind, 1 AS submission_no, 'full' AS submission_kind, 1 AS part_no, 1 AS part_count,
    entry AS _entry
FROM sending
GROUP BY ALL
ORDER BY entry;

-- Half of a year's enterprises, the n-th by number, come again the year after; every hundredth is another
-- province's too, of one so far away that no return has both.
CREATE OR REPLACE TEMP MACRO nth(year, n) AS n % part(0.225) + (year - 2021) * part(0.11);
CREATE OR REPLACE TEMP MACRO since(year, n) AS
    least(year, greatest(2021, 2022 + CAST(floor((nth(year, n) - part(0.225)) / part(0.11)) AS BIGINT)));
-- Another number of six digits for each, so that codes are no series, which would take less room than real ones.
CREATE OR REPLACE TEMP MACRO scattered(number) AS number * 617923 % 1000000;
CREATE OR REPLACE TEMP MACRO party(place, year, n) AS
    CASE nth(year, n) % 100
        WHEN 7 THEN 100000000 + ((place + 30) % 63 + 1) * 1000000 + scattered(nth(year, n) + 1)
        ELSE 100000000 + place * 1000000 + scattered(nth(year, n))
    END;
-- What an enterprise applies keeps its id, its tool and its task group, and what is completed stays so.
CREATE OR REPLACE TEMP MACRO applied(year, n) AS nth(year, n) * 2 + CAST(n >= part(0.225) AS BIGINT);

-- Names and addresses of three words and a number, as various as real ones.
CREATE OR REPLACE TEMP MACRO word(salt) AS pick(
    ['An', 'Bình', 'Cường', 'Dũng', 'Đại', 'Giang', 'Hải', 'Hòa', 'Hưng', 'Khánh', 'Lâm', 'Lộc', 'Long', 'Minh', 'Nam',
     'Phát', 'Phúc', 'Quang', 'Sơn', 'Tân', 'Thành', 'Thịnh', 'Tiến', 'Toàn', 'Trường', 'Tuấn', 'Việt', 'Vinh', 'Xuân', 'Yên'],
    salt
);
CREATE OR REPLACE TEMP MACRO called(code) AS
    pick(['Công ty TNHH ', 'Công ty cổ phần ', 'Công ty TNHH MTV ', 'Doanh nghiệp tư nhân '], code)
    || word(code + 1) || ' ' || word(code + 2) || ' ' || word(code + 3) || ' ' || hash(code) % 100;
CREATE OR REPLACE TEMP MACRO located(code) AS
    'Số ' || hash(code + 4) % 600 || ', đường ' || word(code + 5) || ' ' || word(code + 6) || ', tổ ' || hash(code + 7) % 40;

INSERT INTO enterprises BY NAME
SELECT
    file AS _submission, 'DOANH_NGHIEP' AS _sheet, CAST(5 + nth * part(0.225) + n AS INTEGER) AS _row, entry AS _entry,
    lpad(CAST(party(place, year, n) AS VARCHAR), 10, '0') AS tax_code, called(party(place, year, n)) AS enterprise_name,
    located(party(place, year, n)) AS address, 'Phường ' || hash(party(place, year, n) // 7) % 3321 AS commune,
    CASE WHEN n % 31 = 0 THEN 'cooperative' ELSE 'enterprise' END AS legal_form, sender AS province_code,
    CASE WHEN year >= 2025 THEN province END AS former_province_code, '2018' AS vsic_version,
    lpad(CAST(10 + n % 23 AS VARCHAR), 2, '0') AS vsic_code, year AS size_year,
    CAST(1 + hash(n) % 250 AS BIGINT) AS insured_workers, CAST(1 + hash(n + 1) % 400 AS BIGINT) * 1000000000 AS revenue,
    CAST(1 + hash(n + 2) % 200 AS BIGINT) * 1000000000 AS total_capital, since(year, n) AS first_supported_year
FROM sending, (SELECT unnest(range(part(0.225))) AS n)
ORDER BY entry, _row;

INSERT INTO applications BY NAME
SELECT
    file AS _submission, 'AP_DUNG' AS _sheet, CAST(5 + nth * part(0.3) + n AS INTEGER) AS _row, entry AS _entry,
    province || '-HT' || applied(year, n) AS application_id, '1322' AS programme,
    lpad(CAST(party(place, year, n) AS VARCHAR), 10, '0') AS tax_code,
    pick(tools, applied(year, n)) AS tool_code, pick(groups, applied(year, n) + 1) AS task_group,
    pick(['doing', 'completed', 'completed', 'completed', 'planned', 'stopped'], applied(year, n) + 2) AS status,
    make_date(year, 2, 1) AS start_date, make_date(year, 10, 1) AS end_date,
    CASE WHEN n % 9 = 0 THEN 'GCN-' || place || '-' || year || '-' || n END AS certificate_no,
    CASE WHEN n % 9 = 0 THEN make_date(year, 9, 1) END AS issued_on,
    n % 97 = 0 AS pilot_model,
    CAST(5 + nth * part(0.225) + n % part(0.225) AS INTEGER) AS _tax_code_row
FROM sending, (SELECT unnest(range(part(0.3))) AS n), listed
ORDER BY entry, _row;

INSERT INTO funding BY NAME
SELECT
    file AS _submission, 'KINH_PHI' AS _sheet, CAST(5 + nth * part(0.375) + n AS INTEGER) AS _row, entry AS _entry,
    CASE WHEN n % 4 = 0 THEN 'task' ELSE 'application' END AS subject_kind,
    province || CASE WHEN n % 4 = 0 THEN '-NV' || n % part(0.04) ELSE '-HT' || applied(year, n % part(0.3)) END AS subject_id,
    '1322' AS programme, CASE WHEN n % 50 = 0 THEN year - 1 ELSE year END AS year,
    pick(['central_budget', 'local_budget', 'enterprise', 'other'], n) AS source,
    pick(['estimated', 'allocated', 'disbursed', 'settled'], n + 3) AS figure_kind,
    CAST(1 + hash(n * place) % 900000 AS BIGINT) * 1000 AS amount,
    CAST(
        5 + CASE
            WHEN n % 4 = 0 THEN nth * part(0.04) + n % part(0.04)
            ELSE nth * part(0.3) + n % part(0.3)
        END AS INTEGER
    ) AS _subject_id_row
FROM sending, (SELECT unnest(range(part(0.375))) AS n)
ORDER BY entry, _row;

INSERT INTO training BY NAME
SELECT
    file AS _submission, 'DAO_TAO' AS _sheet, CAST(5 + nth * part(0.02) + n AS INTEGER) AS _row, entry AS _entry,
    province || '-DT' || n AS course_id, 'course' AS kind, 'Tập huấn' AS title, make_date(year, 5, 1) AS start_date,
    CAST(20 + n % 40 AS BIGINT) AS participants, CAST(n % 20 AS BIGINT) AS women, CAST(n % 15 AS BIGINT) AS enterprises,
    CAST(n % 3 AS BIGINT) AS certified_experts
FROM sending, (SELECT unnest(range(part(0.02))) AS n)
ORDER BY entry, _row;

INSERT INTO tasks BY NAME
SELECT
    file AS _submission, 'NHIEM_VU' AS _sheet, CAST(5 + nth * part(0.04) + n AS INTEGER) AS _row, entry AS _entry,
    province || '-NV' || n AS task_id, '1322' AS programme, pick(groups, n) AS task_group, 'Nhiệm vụ' AS task_name,
    'assigned' AS task_kind, 'province' AS level, 'Sở' AS lead_agency, CAST(n AS BIGINT) * 1000000 AS budget_state,
    'doing' AS status
FROM sending, (SELECT unnest(range(part(0.04))) AS n), listed
ORDER BY entry, _row;

INSERT INTO milestones BY NAME
SELECT
    file AS _submission, 'TIEN_DO' AS _sheet, CAST(5 + nth * part(0.02) + n AS INTEGER) AS _row, entry AS _entry, '36' AS programme,
    nth * part(0.02) + n AS sequence, pick(['study', 'draft', 'issue', 'carry_out'], n) AS milestone_kind, 'Bước' AS content,
    'none' AS due_kind, CASE WHEN n % 3 = 0 THEN 'doing' ELSE 'planned' END AS status
FROM sending, (SELECT unnest(range(part(0.02))) AS n)
ORDER BY entry, _row;

INSERT INTO key_products BY NAME
SELECT
    file AS _submission, 'SAN_PHAM' AS _sheet, CAST(5 + nth * part(0.01) + n AS INTEGER) AS _row, entry AS _entry,
    province || '-SP' || n AS product_id, 'Chè' AS product_name, pick(['national', 'sector', 'province'], n) AS product_level
FROM sending, (SELECT unnest(range(part(0.01))) AS n)
ORDER BY entry, _row;

INSERT INTO obstacles BY NAME
SELECT
    file AS _submission, 'VUONG_MAC' AS _sheet, CAST(5 + nth * part(0.01) + n AS INTEGER) AS _row, entry AS _entry,
    nth * part(0.01) + n AS sequence, 'funding' AS category, 'Thiếu kinh phí' AS obstacle,
    pick(['province', 'most', 'prime_minister'], n) AS deciding_level, 'open' AS status
FROM sending, (SELECT unnest(range(part(0.01))) AS n)
ORDER BY entry, _row;
