-- The drugs that most patients got.
SELECT LOWER(drug) AS drug, COUNT(DISTINCT subject_id) AS patients, COUNT(*) AS prescriptions
FROM `physionet-data.mimiciv_hosp.prescriptions`
WHERE drug IS NOT NULL
GROUP BY drug
ORDER BY patients DESC, drug
LIMIT 100
