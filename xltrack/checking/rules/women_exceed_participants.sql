-- XLT546: more women than participants, of whom they are part.
SELECT
    training._file, 'training' AS sheet, training._row, 'women' AS "column",
    training.women AS women, training.participants AS participants
FROM training
WHERE training.women > training.participants AND training.participants >= 0
