-- From version 3: received files stand in pieces. xltrack.store.migrations cuts them, and drops `whole_original`.
ALTER TABLE original RENAME TO whole_original;

CREATE TABLE original_piece (
    sha256 VARCHAR NOT NULL,
    piece_no INTEGER NOT NULL,
    content BLOB NOT NULL USING COMPRESSION uncompressed
);
