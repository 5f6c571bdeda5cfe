-- Oxford Acute Severity of Illness Score (OASIS) of the first day of each ICU stay, with a probability of death.
WITH surgical_stays AS (
  SELECT DISTINCT icustays.icustay_id
  FROM `physionet-data.mimiciii_clinical.icustays` AS icustays
  -- under a surgical service of the admission at any time up to the end of the first day
  INNER JOIN `physionet-data.mimiciii_clinical.services` AS services
    ON services.hadm_id = icustays.hadm_id
    AND services.transfertime < DATETIME_ADD(icustays.intime, INTERVAL 1 DAY)
  WHERE LOWER(services.curr_service) LIKE '%surg%'
    OR services.curr_service = 'ORTHO'
),

measurements AS (
  SELECT
    icustays.subject_id,
    icustays.hadm_id,
    icustays.icustay_id,
    admissions.hospital_expire_flag,
    CASE
      WHEN admissions.deathtime >= icustays.intime AND admissions.deathtime <= icustays.outtime THEN 1
      -- times of death before the stay, and deaths without a time, happen too
      WHEN admissions.deathtime <= icustays.intime THEN 1
      WHEN admissions.dischtime <= icustays.outtime AND admissions.discharge_location = 'DEAD/EXPIRED' THEN 1
      ELSE 0
    END AS icustay_expire_flag,
    -- in calendar years: birthdays play no part
    DATETIME_DIFF(icustays.intime, patients.dob, YEAR) AS age,
    DATETIME_DIFF(icustays.intime, admissions.admittime, MINUTE) AS preiculos,
    gcs.mingcs,
    vitals.heartrate_min,
    vitals.heartrate_max,
    vitals.meanbp_min,
    vitals.meanbp_max,
    vitals.resprate_min,
    vitals.resprate_max,
    vitals.tempc_min,
    vitals.tempc_max,
    urine_output.urineoutput,
    ventilation.vent AS mechvent,
    CASE
      WHEN admissions.admission_type IS NULL THEN NULL
      WHEN admissions.admission_type = 'ELECTIVE' AND surgical_stays.icustay_id IS NOT NULL THEN 1
      ELSE 0
    END AS electivesurgery
  FROM `physionet-data.mimiciii_clinical.icustays` AS icustays
  INNER JOIN `physionet-data.mimiciii_clinical.admissions` AS admissions
    ON admissions.hadm_id = icustays.hadm_id
  INNER JOIN `physionet-data.mimiciii_clinical.patients` AS patients
    ON patients.subject_id = icustays.subject_id
  LEFT JOIN surgical_stays
    ON surgical_stays.icustay_id = icustays.icustay_id
  LEFT JOIN `physionet-data.mimiciii_derived.gcs_first_day` AS gcs
    ON gcs.icustay_id = icustays.icustay_id
  LEFT JOIN `physionet-data.mimiciii_derived.vitals_first_day` AS vitals
    ON vitals.icustay_id = icustays.icustay_id
  LEFT JOIN `physionet-data.mimiciii_derived.urine_output_first_day` AS urine_output
    ON urine_output.icustay_id = icustays.icustay_id
  LEFT JOIN `physionet-data.mimiciii_derived.ventilation_first_day` AS ventilation
    ON ventilation.icustay_id = icustays.icustay_id
),

-- beside the score of a vital sign the value behind it
scores AS (
  SELECT
    subject_id,
    hadm_id,
    icustay_id,
    CASE
      WHEN age <= 1 THEN 'neonate'
      WHEN age <= 15 THEN 'middle'
      ELSE 'adult'
    END AS icustay_age_group,
    hospital_expire_flag,
    icustay_expire_flag,
    age,
    preiculos,
    mingcs AS gcs,
    urineoutput,
    mechvent,
    electivesurgery,
    CASE
      WHEN age IS NULL THEN NULL
      WHEN age < 24 THEN 0
      WHEN age <= 53 THEN 3
      WHEN age <= 77 THEN 6
      WHEN age <= 89 THEN 9
      ELSE 7
    END AS age_score,
    CASE
      WHEN preiculos IS NULL THEN NULL
      WHEN preiculos < 10.2 THEN 5
      WHEN preiculos < 297 THEN 3
      WHEN preiculos < 1440 THEN 0
      WHEN preiculos < 18708 THEN 2
      ELSE 1
    END AS preiculos_score,
    CASE
      WHEN mingcs IS NULL THEN NULL
      WHEN mingcs <= 7 THEN 10
      WHEN mingcs < 14 THEN 4
      WHEN mingcs = 14 THEN 3
      ELSE 0
    END AS gcs_score,
    CASE
      WHEN heartrate_max IS NULL THEN NULL
      WHEN heartrate_max > 125 THEN heartrate_max
      WHEN heartrate_min < 33 THEN heartrate_min
      WHEN heartrate_max >= 107 AND heartrate_max <= 125 THEN heartrate_max
      WHEN heartrate_max >= 89 AND heartrate_max <= 106 THEN heartrate_max
      ELSE (heartrate_min + heartrate_max) / 2
    END AS heartrate,
    CASE
      WHEN heartrate_max IS NULL THEN NULL
      WHEN heartrate_max > 125 THEN 6
      WHEN heartrate_min < 33 THEN 4
      WHEN heartrate_max >= 107 AND heartrate_max <= 125 THEN 3
      WHEN heartrate_max >= 89 AND heartrate_max <= 106 THEN 1
      ELSE 0
    END AS heartrate_score,
    CASE
      WHEN meanbp_min IS NULL THEN NULL
      WHEN meanbp_min < 20.65 THEN meanbp_min
      WHEN meanbp_min < 51 THEN meanbp_min
      WHEN meanbp_max > 143.44 THEN meanbp_max
      WHEN meanbp_min >= 51 AND meanbp_min < 61.33 THEN meanbp_min
      ELSE (meanbp_min + meanbp_max) / 2
    END AS meanbp,
    CASE
      WHEN meanbp_min IS NULL THEN NULL
      WHEN meanbp_min < 20.65 THEN 4
      WHEN meanbp_min < 51 THEN 3
      WHEN meanbp_max > 143.44 THEN 3
      WHEN meanbp_min >= 51 AND meanbp_min < 61.33 THEN 2
      ELSE 0
    END AS meanbp_score,
    CASE
      WHEN resprate_min IS NULL THEN NULL
      WHEN resprate_min < 6 THEN resprate_min
      WHEN resprate_max > 44 THEN resprate_max
      WHEN resprate_max > 30 THEN resprate_max
      WHEN resprate_max > 22 THEN resprate_max
      WHEN resprate_min < 13 THEN resprate_min
      ELSE (resprate_min + resprate_max) / 2
    END AS resprate,
    CASE
      WHEN resprate_min IS NULL THEN NULL
      WHEN resprate_min < 6 THEN 10
      WHEN resprate_max > 44 THEN 9
      WHEN resprate_max > 30 THEN 6
      WHEN resprate_max > 22 THEN 1
      WHEN resprate_min < 13 THEN 1
      ELSE 0
    END AS resprate_score,
    CASE
      WHEN tempc_max IS NULL THEN NULL
      WHEN tempc_max > 39.88 THEN tempc_max
      WHEN tempc_min >= 33.22 AND tempc_min <= 35.93 THEN tempc_min
      WHEN tempc_max >= 33.22 AND tempc_max <= 35.93 THEN tempc_max
      WHEN tempc_min < 33.22 THEN tempc_min
      WHEN tempc_min > 35.93 AND tempc_min <= 36.39 THEN tempc_min
      WHEN tempc_max >= 36.89 AND tempc_max <= 39.88 THEN tempc_max
      ELSE (tempc_min + tempc_max) / 2
    END AS temp,
    CASE
      WHEN tempc_max IS NULL THEN NULL
      WHEN tempc_max > 39.88 THEN 6
      WHEN tempc_min >= 33.22 AND tempc_min <= 35.93 THEN 4
      WHEN tempc_max >= 33.22 AND tempc_max <= 35.93 THEN 4
      WHEN tempc_min < 33.22 THEN 3
      WHEN tempc_min > 35.93 AND tempc_min <= 36.39 THEN 2
      WHEN tempc_max >= 36.89 AND tempc_max <= 39.88 THEN 2
      ELSE 0
    END AS temp_score,
    CASE
      WHEN urineoutput IS NULL THEN NULL
      WHEN urineoutput < 671.09 THEN 10
      WHEN urineoutput > 6896.80 THEN 8
      WHEN urineoutput >= 671.09 AND urineoutput <= 1426.99 THEN 5
      WHEN urineoutput >= 1427.00 AND urineoutput <= 2544.14 THEN 1
      ELSE 0
    END AS urineoutput_score,
    CASE
      WHEN mechvent IS NULL THEN NULL
      WHEN mechvent = 1 THEN 9
      ELSE 0
    END AS mechvent_score,
    CASE
      WHEN electivesurgery IS NULL THEN NULL
      WHEN electivesurgery = 1 THEN 0
      ELSE 6
    END AS electivesurgery_score
  FROM measurements
),

totals AS (
  SELECT
    *,
    COALESCE(age_score, 0)
    + COALESCE(preiculos_score, 0)
    + COALESCE(gcs_score, 0)
    + COALESCE(heartrate_score, 0)
    + COALESCE(meanbp_score, 0)
    + COALESCE(resprate_score, 0)
    + COALESCE(temp_score, 0)
    + COALESCE(urineoutput_score, 0)
    + COALESCE(mechvent_score, 0)
    + COALESCE(electivesurgery_score, 0)
    AS oasis
  FROM scores
)

SELECT
  subject_id,
  hadm_id,
  icustay_id,
  icustay_age_group,
  hospital_expire_flag,
  icustay_expire_flag,
  oasis,
  1 / (1 + EXP(-(-6.1746 + 0.1275 * oasis))) AS oasis_PROB,
  age,
  age_score,
  preiculos,
  preiculos_score,
  gcs,
  gcs_score,
  heartrate,
  heartrate_score,
  meanbp,
  meanbp_score,
  resprate,
  resprate_score,
  temp,
  temp_score,
  urineoutput,
  urineoutput_score,
  mechvent,
  mechvent_score,
  electivesurgery,
  electivesurgery_score
FROM totals
