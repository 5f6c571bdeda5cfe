SELECT LOWER(drug) AS drug_name, COUNT(DISTINCT subject_id) AS patients, COUNT(*) AS prescriptions
FROM mimiciv_hosp.prescriptions
WHERE drug IS NOT NULL
GROUP BY drug_name
ORDER BY patients DESC, drug_name
LIMIT 100
