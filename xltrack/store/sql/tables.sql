-- The tables that every store has beside one table per sheet of the form.
-- No indexes: a primary key on the row tables triples the file and slows a second merge; xltrack.store.merge keeps
-- `sha256` unique. Times are UTC without a zone, so that no time zone data is needed to read them.

CREATE TABLE IF NOT EXISTS store_meta (
    name VARCHAR NOT NULL,
    value VARCHAR NOT NULL
);

CREATE TABLE IF NOT EXISTS submission (
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
    chain_no BIGINT NOT NULL,
    entry_no INTEGER
);

-- The bytes of every submission as they came, once, in pieces (xltrack.store.originals); they are packed already.
CREATE TABLE IF NOT EXISTS original_piece (
    sha256 VARCHAR NOT NULL,
    piece_no INTEGER NOT NULL,
    content BLOB NOT NULL USING COMPRESSION uncompressed
);

-- What was recorded and decided, in this order and never changed: each `hash` is over the record and the hash before it.
-- `submission.chain_no` is the record that says what its row says; records of earlier verdicts on a file stay.
CREATE TABLE IF NOT EXISTS chain (
    chain_no BIGINT NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    kind VARCHAR NOT NULL,
    subject VARCHAR NOT NULL,
    facts VARCHAR NOT NULL,
    hash VARCHAR NOT NULL
);

CREATE TABLE IF NOT EXISTS finding (
    submission VARCHAR NOT NULL,
    number INTEGER NOT NULL,
    code VARCHAR NOT NULL,
    severity VARCHAR NOT NULL,
    sheet VARCHAR,
    "row" INTEGER,
    cell VARCHAR,
    column_id VARCHAR,
    value VARCHAR,
    message_vi VARCHAR NOT NULL,
    message_en VARCHAR NOT NULL,
    hint_vi VARCHAR NOT NULL,
    hint_en VARCHAR NOT NULL
);

-- What was decided about findings. What is null does not narrow a waiver; `day_until` is the last day on which it holds.
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

-- What was decided about two tax codes: that both are of one enterprise, whose code of today is `code`, or of two.
CREATE TABLE IF NOT EXISTS enterprise_decision (
    number INTEGER NOT NULL,
    former_code VARCHAR NOT NULL,
    code VARCHAR NOT NULL,
    is_same BOOLEAN NOT NULL,
    reason VARCHAR NOT NULL,
    decided_by VARCHAR NOT NULL,
    decided_at TIMESTAMP NOT NULL
);

-- Where the columns of a sheet stand in a file: by column id the letter ("C"), on a card the whole address ("C7"). Files
-- merged by an xltrack that did not note this have no row here.
CREATE TABLE IF NOT EXISTS sheet_place (
    submission VARCHAR NOT NULL,
    sheet VARCHAR NOT NULL,
    addresses JSON NOT NULL
);
