-- XLT558: a plan is issued, but its document has no number. A plan counts as issued once it has one (letter 332/BKHCN-TĐC).
-- labels: programme = programmes
SELECT
    milestones._file, 'milestones' AS sheet, milestones._row, 'document_no' AS "column", milestones.programme AS programme
FROM milestones
WHERE milestones.milestone_kind = 'issue' AND milestones.status = 'completed' AND milestones.document_no IS NULL
