-- XLT547: more experts were certified than took part. Some may have been examined without the course.
SELECT
    training._file, 'training' AS sheet, training._row, 'certified_experts' AS "column",
    training.certified_experts AS experts, training.participants AS participants
FROM training
WHERE training.certified_experts > training.participants AND training.participants >= 0
