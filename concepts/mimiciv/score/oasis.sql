-- Oxford Acute Severity of Illness Score (OASIS) of the first day of each ICU stay, with a probability of death.
WITH surgical_services AS (
  SELECT
    icustays.stay_id,
    MAX(CASE
      WHEN LOWER(services.curr_service) LIKE '%surg%' OR services.curr_service = 'ORTHO' THEN 1
      ELSE 0
    END) AS surgical
  FROM `physionet-data.mimiciv_icu.icustays` AS icustays
  INNER JOIN `physionet-data.mimiciv_hosp.services` AS services
    ON services.hadm_id = icustays.hadm_id
    AND services.transfertime < DATETIME_ADD(icustays.intime, INTERVAL 1 DAY)
  GROUP BY icustays.stay_id
),

-- stays with invasive ventilation at some time of the first day
ventilated_stays AS (
  SELECT DISTINCT icustays.stay_id
  FROM `physionet-data.mimiciv_icu.icustays` AS icustays
  INNER JOIN `physionet-data.mimiciv_derived.ventilation` AS ventilation
    ON ventilation.stay_id = icustays.stay_id
    AND ventilation.starttime <= DATETIME_ADD(icustays.intime, INTERVAL 1 DAY)
    AND ventilation.endtime >= icustays.intime
    AND ventilation.ventilation_status = 'InvasiveVent'
),

measurements AS (
  SELECT
    icustays.subject_id,
    icustays.hadm_id,
    icustays.stay_id,
    age.age,
    DATETIME_DIFF(icustays.intime, admissions.admittime, MINUTE) AS preiculos,
    gcs.gcs_min,
    vitalsigns.heart_rate_min,
    vitalsigns.heart_rate_max,
    vitalsigns.mbp_min,
    vitalsigns.mbp_max,
    vitalsigns.resp_rate_min,
    vitalsigns.resp_rate_max,
    vitalsigns.temperature_min,
    vitalsigns.temperature_max,
    urine_output.urineoutput,
    CASE WHEN ventilated_stays.stay_id IS NOT NULL THEN 1 ELSE 0 END AS mechvent,
    CASE
      WHEN admissions.admission_type IS NULL THEN NULL
      WHEN admissions.admission_type = 'ELECTIVE' AND surgical_services.surgical = 1 THEN 1
      ELSE 0
    END AS electivesurgery
  FROM `physionet-data.mimiciv_icu.icustays` AS icustays
  INNER JOIN `physionet-data.mimiciv_hosp.admissions` AS admissions
    ON admissions.hadm_id = icustays.hadm_id
  INNER JOIN `physionet-data.mimiciv_hosp.patients` AS patients
    ON patients.subject_id = icustays.subject_id
  LEFT JOIN `physionet-data.mimiciv_derived.age` AS age
    ON age.hadm_id = icustays.hadm_id
  LEFT JOIN surgical_services
    ON surgical_services.stay_id = icustays.stay_id
  LEFT JOIN ventilated_stays
    ON ventilated_stays.stay_id = icustays.stay_id
  LEFT JOIN `physionet-data.mimiciv_derived.first_day_gcs` AS gcs
    ON gcs.stay_id = icustays.stay_id
  LEFT JOIN `physionet-data.mimiciv_derived.first_day_vitalsign` AS vitalsigns
    ON vitalsigns.stay_id = icustays.stay_id
  LEFT JOIN `physionet-data.mimiciv_derived.first_day_urine_output` AS urine_output
    ON urine_output.stay_id = icustays.stay_id
),

scores AS (
  SELECT
    *,
    CASE
      WHEN age < 24 THEN 0
      WHEN age <= 53 THEN 3
      WHEN age <= 77 THEN 6
      WHEN age <= 89 THEN 9
      WHEN age >= 90 THEN 7
    END AS age_score,
    CASE
      WHEN preiculos < 10.2 THEN 5
      WHEN preiculos < 297 THEN 3
      WHEN preiculos < 1440 THEN 0
      WHEN preiculos < 18708 THEN 2
      WHEN preiculos >= 18708 THEN 1
    END AS preiculos_score,
    CASE
      WHEN gcs_min <= 7 THEN 10
      WHEN gcs_min < 14 THEN 4
      WHEN gcs_min = 14 THEN 3
      WHEN gcs_min > 14 THEN 0
    END AS gcs_score,
    CASE
      WHEN heart_rate_max IS NULL THEN NULL
      WHEN heart_rate_max > 125 THEN 6
      WHEN heart_rate_min < 33 THEN 4
      WHEN heart_rate_max BETWEEN 107 AND 125 THEN 3
      WHEN heart_rate_max BETWEEN 89 AND 106 THEN 1
      ELSE 0
    END AS heart_rate_score,
    CASE
      WHEN mbp_min IS NULL THEN NULL
      WHEN mbp_min < 20.65 THEN 4
      WHEN mbp_min < 51 THEN 3
      WHEN mbp_max > 143.44 THEN 3
      WHEN mbp_min < 61.33 THEN 2
      ELSE 0
    END AS mbp_score,
    CASE
      WHEN resp_rate_min IS NULL THEN NULL
      WHEN resp_rate_min < 6 THEN 10
      WHEN resp_rate_max > 44 THEN 9
      WHEN resp_rate_max > 30 THEN 6
      WHEN resp_rate_max > 22 THEN 1
      WHEN resp_rate_min < 13 THEN 1
      ELSE 0
    END AS resp_rate_score,
    CASE
      WHEN temperature_max IS NULL THEN NULL
      WHEN temperature_max > 39.88 THEN 6
      WHEN temperature_min BETWEEN 33.22 AND 35.93 THEN 4
      WHEN temperature_max BETWEEN 33.22 AND 35.93 THEN 4
      WHEN temperature_min < 33.22 THEN 3
      WHEN temperature_min > 35.93 AND temperature_min <= 36.39 THEN 2
      WHEN temperature_max BETWEEN 36.89 AND 39.88 THEN 2
      ELSE 0
    END AS temp_score,
    CASE
      WHEN urineoutput IS NULL THEN NULL
      WHEN urineoutput < 671.09 THEN 10
      WHEN urineoutput > 6896.80 THEN 8
      WHEN urineoutput BETWEEN 671.09 AND 1426.99 THEN 5
      WHEN urineoutput BETWEEN 1427.00 AND 2544.14 THEN 1
      ELSE 0
    END AS urineoutput_score,
    CASE mechvent WHEN 1 THEN 9 ELSE 0 END AS mechvent_score,
    CASE electivesurgery WHEN 1 THEN 0 WHEN 0 THEN 6 END AS electivesurgery_score
  FROM measurements
),

totals AS (
  SELECT
    *,
    COALESCE(age_score, 0)
    + COALESCE(preiculos_score, 0)
    + COALESCE(gcs_score, 0)
    + COALESCE(heart_rate_score, 0)
    + COALESCE(mbp_score, 0)
    + COALESCE(resp_rate_score, 0)
    + COALESCE(temp_score, 0)
    + COALESCE(urineoutput_score, 0)
    + COALESCE(mechvent_score, 0)
    + COALESCE(electivesurgery_score, 0)
    AS oasis
  FROM scores
)

-- beside each score of a vital sign the value that decided it: the lowest, the highest or, for 0, their mean
SELECT
  subject_id,
  hadm_id,
  stay_id,
  oasis,
  1 / (1 + EXP(-(-6.1746 + 0.1275 * oasis))) AS oasis_prob,
  age,
  age_score,
  preiculos,
  preiculos_score,
  gcs_min AS gcs,
  gcs_score,
  CASE
    WHEN heart_rate_score = 0 THEN (heart_rate_min + heart_rate_max) / 2
    WHEN heart_rate_score = 4 THEN heart_rate_min
    ELSE heart_rate_max
  END AS heartrate,
  heart_rate_score,
  CASE
    WHEN mbp_score = 0 THEN (mbp_min + mbp_max) / 2
    WHEN mbp_score = 3 AND mbp_min >= 51 THEN mbp_max
    ELSE mbp_min
  END AS meanbp,
  mbp_score,
  CASE
    WHEN resp_rate_score = 0 THEN (resp_rate_min + resp_rate_max) / 2
    WHEN resp_rate_score = 10 THEN resp_rate_min
    WHEN resp_rate_score = 1 AND resp_rate_max <= 22 THEN resp_rate_min
    ELSE resp_rate_max
  END AS resprate,
  resp_rate_score,
  CASE
    WHEN temp_score = 0 THEN (temperature_min + temperature_max) / 2
    WHEN temp_score = 4 AND temperature_min >= 33.22 THEN temperature_min
    WHEN temp_score = 3 THEN temperature_min
    WHEN temp_score = 2 AND temperature_min <= 36.39 THEN temperature_min
    ELSE temperature_max
  END AS temp,
  temp_score,
  urineoutput,
  urineoutput_score,
  mechvent,
  mechvent_score,
  electivesurgery,
  electivesurgery_score
FROM totals
