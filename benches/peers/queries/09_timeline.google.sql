-- One patient's timeline: everything of one subject, in order.
SELECT 'chart' AS source, charttime AS time, itemid AS item, value AS content, valuenum AS number
FROM `physionet-data.mimiciv_icu.chartevents`
WHERE subject_id = {subject}
UNION ALL
SELECT 'laboratory', charttime, itemid, value, valuenum
FROM `physionet-data.mimiciv_hosp.labevents`
WHERE subject_id = {subject}
UNION ALL
SELECT 'input', starttime, itemid, amountuom, amount
FROM `physionet-data.mimiciv_icu.inputevents`
WHERE subject_id = {subject}
UNION ALL
SELECT 'output', charttime, itemid, valueuom, value
FROM `physionet-data.mimiciv_icu.outputevents`
WHERE subject_id = {subject}
UNION ALL
SELECT 'procedure', starttime, itemid, valueuom, value
FROM `physionet-data.mimiciv_icu.procedureevents`
WHERE subject_id = {subject}
UNION ALL
SELECT 'prescription', starttime, NULL, drug, NULL
FROM `physionet-data.mimiciv_hosp.prescriptions`
WHERE subject_id = {subject}
UNION ALL
SELECT 'administration', charttime, NULL, medication, NULL
FROM `physionet-data.mimiciv_hosp.emar`
WHERE subject_id = {subject}
UNION ALL
SELECT 'order', ordertime, NULL, order_type, NULL
FROM `physionet-data.mimiciv_hosp.poe`
WHERE subject_id = {subject}
UNION ALL
SELECT 'culture', charttime, spec_itemid, org_name, NULL
FROM `physionet-data.mimiciv_hosp.microbiologyevents`
WHERE subject_id = {subject}
UNION ALL
SELECT 'transfer', intime, NULL, careunit, NULL
FROM `physionet-data.mimiciv_hosp.transfers`
WHERE subject_id = {subject}
ORDER BY time, source, item, content, number
