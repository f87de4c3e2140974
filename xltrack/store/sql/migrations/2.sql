-- From version 1: the bytes in a table of their own, where files came from, what their rows add up to, and the chain.
-- xltrack.store.migrations then moves `former_submission` into the new table, because only it can seal records.
ALTER TABLE submission RENAME TO former_submission;

CREATE TABLE original (
    sha256 VARCHAR NOT NULL,
    content BLOB NOT NULL
);

INSERT INTO original SELECT sha256, content FROM former_submission;

CREATE TABLE submission (
    sha256 VARCHAR NOT NULL,
    file_name VARCHAR NOT NULL,
    form VARCHAR,
    form_version VARCHAR,
    unit_code VARCHAR,
    year BIGINT,
    period_kind VARCHAR,
    figures_kind VARCHAR,
    submission_no BIGINT,
    submission_kind VARCHAR,
    part_no BIGINT,
    part_count BIGINT,
    currency_unit VARCHAR,
    nil_report BOOLEAN,
    received_at TIMESTAMP,
    merged_at TIMESTAMP NOT NULL,
    tool_version VARCHAR NOT NULL,
    schemas_version VARCHAR NOT NULL,
    verdict VARCHAR NOT NULL,
    content_sha256 VARCHAR,
    cells BIGINT NOT NULL,
    mapped BIGINT NOT NULL,
    ignored JSON NOT NULL,
    source_kind VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    control_totals JSON NOT NULL,
    findings_sha256 VARCHAR NOT NULL,
    chain_no BIGINT NOT NULL
);

CREATE TABLE chain (
    chain_no BIGINT NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    kind VARCHAR NOT NULL,
    subject VARCHAR NOT NULL,
    facts VARCHAR NOT NULL,
    hash VARCHAR NOT NULL
);

-- The first stores had no waivers.
CREATE TABLE IF NOT EXISTS waiver (
    number INTEGER NOT NULL,
    code VARCHAR NOT NULL,
    submission VARCHAR,
    unit_code VARCHAR,
    year BIGINT,
    period_kind VARCHAR,
    sheet VARCHAR,
    "row" INTEGER,
    value VARCHAR,
    reason VARCHAR NOT NULL,
    waived_by VARCHAR NOT NULL,
    waived_at TIMESTAMP NOT NULL,
    day_until DATE NOT NULL
);
