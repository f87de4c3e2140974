-- The territories (`territory`) of the returns told of: what is compared within one is not read of the others.
SELECT DISTINCT territory.unit34
FROM told
JOIN current_submission AS sent ON sent.sha256 = told.sha256
JOIN territory ON territory.unit_code = sent.unit_code
