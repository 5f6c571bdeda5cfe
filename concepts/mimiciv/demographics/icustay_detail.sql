-- One flat row per ICU stay: the patient, the admission, the stay, their lengths and their order.
WITH stays AS (
  SELECT
    icustays.subject_id,
    icustays.hadm_id,
    icustays.stay_id,
    patients.gender,
    patients.dod,
    admissions.admittime,
    admissions.dischtime,
    DATETIME_DIFF(admissions.dischtime, admissions.admittime, DAY) AS los_hospital,
    patients.anchor_age + EXTRACT(YEAR FROM admissions.admittime) - patients.anchor_year AS admission_age,
    admissions.race,
    admissions.hospital_expire_flag,
    -- ranks run over ICU stays only: an admission without one is not counted
    DENSE_RANK() OVER (PARTITION BY admissions.subject_id ORDER BY admissions.admittime) AS hospstay_seq,
    icustays.intime AS icu_intime,
    icustays.outtime AS icu_outtime,
    ROUND(CAST(DATETIME_DIFF(icustays.outtime, icustays.intime, HOUR) / 24 AS NUMERIC), 2) AS los_icu,
    DENSE_RANK() OVER (PARTITION BY icustays.hadm_id ORDER BY icustays.intime) AS icustay_seq
  FROM `physionet-data.mimiciv_icu.icustays` AS icustays
  INNER JOIN `physionet-data.mimiciv_hosp.admissions` AS admissions
    ON admissions.hadm_id = icustays.hadm_id
  INNER JOIN `physionet-data.mimiciv_hosp.patients` AS patients
    ON patients.subject_id = icustays.subject_id
)

SELECT
  subject_id,
  hadm_id,
  stay_id,
  gender,
  dod,
  admittime,
  dischtime,
  los_hospital,
  admission_age,
  race,
  hospital_expire_flag,
  hospstay_seq,
  hospstay_seq = 1 AS first_hosp_stay,
  icu_intime,
  icu_outtime,
  los_icu,
  icustay_seq,
  icustay_seq = 1 AS first_icu_stay
FROM stays
