-- Facts about the patient, the admission and the ICU stay, one row per ICU stay of an admission with charted data.
SELECT
  icustays.subject_id,
  icustays.hadm_id,
  icustays.icustay_id,
  patients.gender,
  patients.dod,
  admissions.admittime,
  admissions.dischtime,
  DATETIME_DIFF(admissions.dischtime, admissions.admittime, DAY) AS los_hospital,
  DATETIME_DIFF(icustays.intime, patients.dob, YEAR) AS admission_age,
  admissions.ethnicity,
  CASE
    WHEN admissions.ethnicity IN (
        'WHITE', 'WHITE - RUSSIAN', 'WHITE - OTHER EUROPEAN', 'WHITE - BRAZILIAN', 'WHITE - EASTERN EUROPEAN'
      )
      THEN 'white'
    WHEN admissions.ethnicity IN (
        'BLACK/AFRICAN AMERICAN', 'BLACK/CAPE VERDEAN', 'BLACK/HAITIAN', 'BLACK/AFRICAN', 'CARIBBEAN ISLAND'
      )
      THEN 'black'
    WHEN admissions.ethnicity IN (
        'HISPANIC OR LATINO', 'HISPANIC/LATINO - PUERTO RICAN', 'HISPANIC/LATINO - DOMINICAN',
        'HISPANIC/LATINO - GUATEMALAN', 'HISPANIC/LATINO - CUBAN', 'HISPANIC/LATINO - SALVADORAN',
        'HISPANIC/LATINO - CENTRAL AMERICAN (OTHER)', 'HISPANIC/LATINO - MEXICAN', 'HISPANIC/LATINO - COLOMBIAN',
        'HISPANIC/LATINO - HONDURAN'
      )
      THEN 'hispanic'
    WHEN admissions.ethnicity IN (
        'ASIAN', 'ASIAN - CHINESE', 'ASIAN - ASIAN INDIAN', 'ASIAN - VIETNAMESE', 'ASIAN - FILIPINO',
        'ASIAN - CAMBODIAN', 'ASIAN - OTHER', 'ASIAN - KOREAN', 'ASIAN - JAPANESE', 'ASIAN - THAI'
      )
      THEN 'asian'
    WHEN admissions.ethnicity IN (
        'AMERICAN INDIAN/ALASKA NATIVE', 'AMERICAN INDIAN/ALASKA NATIVE FEDERALLY RECOGNIZED TRIBE'
      )
      THEN 'native'
    WHEN admissions.ethnicity IN ('UNKNOWN/NOT SPECIFIED', 'UNABLE TO OBTAIN', 'PATIENT DECLINED TO ANSWER')
      THEN 'unknown'
    ELSE 'other'
  END AS ethnicity_grouped,
  admissions.hospital_expire_flag,
  DENSE_RANK() OVER (PARTITION BY icustays.subject_id ORDER BY admissions.admittime) AS hospstay_seq,
  DENSE_RANK() OVER (PARTITION BY icustays.subject_id ORDER BY admissions.admittime) = 1 AS first_hosp_stay,
  icustays.intime,
  icustays.outtime,
  DATETIME_DIFF(icustays.outtime, icustays.intime, DAY) AS los_icu,
  DENSE_RANK() OVER (PARTITION BY icustays.hadm_id ORDER BY icustays.intime) AS icustay_seq,
  DENSE_RANK() OVER (PARTITION BY icustays.hadm_id ORDER BY icustays.intime) = 1 AS first_icu_stay
FROM `physionet-data.mimiciii_clinical.icustays` AS icustays
INNER JOIN `physionet-data.mimiciii_clinical.admissions` AS admissions
  ON admissions.hadm_id = icustays.hadm_id
INNER JOIN `physionet-data.mimiciii_clinical.patients` AS patients
  ON patients.subject_id = icustays.subject_id
WHERE admissions.has_chartevents_data = 1
