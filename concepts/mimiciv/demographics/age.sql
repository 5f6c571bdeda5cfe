-- Age in whole calendar years at each hospital admission, from the patient's anchor year and anchor age.
SELECT
  admissions.subject_id,
  admissions.hadm_id,
  admissions.admittime,
  patients.anchor_age,
  patients.anchor_year,
  patients.anchor_age + EXTRACT(YEAR FROM admissions.admittime) - patients.anchor_year AS age
FROM `physionet-data.mimiciv_hosp.admissions` AS admissions
INNER JOIN `physionet-data.mimiciv_hosp.patients` AS patients
  ON patients.subject_id = admissions.subject_id
