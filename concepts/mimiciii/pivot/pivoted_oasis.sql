-- Oxford Acute Severity of Illness Score (OASIS) of each hour of each ICU stay, with the worst of the last 24 hours.
WITH hours AS (
  SELECT
    icustay_hours.icustay_id,
    icustays.hadm_id,
    icustay_hours.hr,
    DATETIME_SUB(icustay_hours.endtime, INTERVAL 1 HOUR) AS starttime,
    icustay_hours.endtime,
    icustays.intime,
    admissions.admission_type,
    DATETIME_DIFF(icustays.intime, patients.dob, YEAR) AS age,
    DATETIME_DIFF(icustays.intime, admissions.admittime, SECOND) AS preiculos
  FROM `physionet-data.mimiciii_derived.icustay_hours` AS icustay_hours
  INNER JOIN `physionet-data.mimiciii_clinical.icustays` AS icustays
    ON icustays.icustay_id = icustay_hours.icustay_id
  INNER JOIN `physionet-data.mimiciii_clinical.admissions` AS admissions
    ON admissions.hadm_id = icustays.hadm_id
  INNER JOIN `physionet-data.mimiciii_clinical.patients` AS patients
    ON patients.subject_id = admissions.subject_id
),

-- under a surgical service by the end of the first day of the stay
surgical_stays AS (
  SELECT DISTINCT icustays.icustay_id
  FROM `physionet-data.mimiciii_clinical.icustays` AS icustays
  INNER JOIN `physionet-data.mimiciii_clinical.services` AS services
    ON services.hadm_id = icustays.hadm_id
    AND services.transfertime < DATETIME_ADD(icustays.intime, INTERVAL 1 DAY)
  WHERE LOWER(services.curr_service) LIKE '%surg%'
    OR services.curr_service = 'ORTHO'
),

vitals AS (
  SELECT
    hours.icustay_id,
    hours.hr,
    MIN(pivoted_vital.meanbp) AS meanbp_min,
    MAX(pivoted_vital.meanbp) AS meanbp_max,
    MIN(pivoted_vital.heartrate) AS heartrate_min,
    MAX(pivoted_vital.heartrate) AS heartrate_max,
    MIN(pivoted_vital.tempc) AS tempc_min,
    MAX(pivoted_vital.tempc) AS tempc_max,
    MIN(pivoted_vital.resprate) AS resprate_min,
    MAX(pivoted_vital.resprate) AS resprate_max
  FROM hours
  INNER JOIN `physionet-data.mimiciii_derived.pivoted_vital` AS pivoted_vital
    ON pivoted_vital.icustay_id = hours.icustay_id
    AND pivoted_vital.charttime > hours.starttime
    AND pivoted_vital.charttime <= hours.endtime
  GROUP BY
    hours.icustay_id,
    hours.hr
),

lowest_gcs AS (
  SELECT
    hours.icustay_id,
    hours.hr,
    MIN(pivoted_gcs.gcs) AS gcs_min
  FROM hours
  INNER JOIN `physionet-data.mimiciii_derived.pivoted_gcs` AS pivoted_gcs
    ON pivoted_gcs.icustay_id = hours.icustay_id
    AND pivoted_gcs.charttime > hours.starttime
    AND pivoted_gcs.charttime <= hours.endtime
  GROUP BY
    hours.icustay_id,
    hours.hr
),

urine AS (
  SELECT
    hours.icustay_id,
    hours.hr,
    SUM(pivoted_uo.urineoutput) AS urineoutput
  FROM hours
  INNER JOIN `physionet-data.mimiciii_derived.pivoted_uo` AS pivoted_uo
    ON pivoted_uo.icustay_id = hours.icustay_id
    AND pivoted_uo.charttime > hours.starttime
    AND pivoted_uo.charttime <= hours.endtime
  GROUP BY
    hours.icustay_id,
    hours.hr
),

-- ventilated at the start or at the end of the hour
ventilated_hours AS (
  SELECT DISTINCT
    hours.icustay_id,
    hours.hr
  FROM hours
  INNER JOIN `physionet-data.mimiciii_derived.ventilation_durations` AS ventilation_durations
    ON ventilation_durations.icustay_id = hours.icustay_id
    AND (
      hours.starttime BETWEEN ventilation_durations.starttime AND ventilation_durations.endtime
      OR hours.endtime BETWEEN ventilation_durations.starttime AND ventilation_durations.endtime
    )
),

measurements AS (
  SELECT
    hours.icustay_id,
    hours.hr,
    hours.starttime,
    hours.endtime,
    vitals.meanbp_min,
    vitals.meanbp_max,
    vitals.heartrate_min,
    vitals.heartrate_max,
    vitals.tempc_min,
    vitals.tempc_max,
    vitals.resprate_min,
    vitals.resprate_max,
    lowest_gcs.gcs_min,
    CASE WHEN ventilated_hours.icustay_id IS NULL THEN 0 ELSE 1 END AS mechvent,
    urine.urineoutput,
    SUM(urine.urineoutput) OVER (
      PARTITION BY hours.icustay_id ORDER BY hours.hr ROWS BETWEEN 23 PRECEDING AND CURRENT ROW
    ) AS urineoutput_24hours,
    hours.age,
    hours.preiculos,
    CASE
      WHEN hours.admission_type IS NULL THEN NULL
      WHEN hours.admission_type = 'ELECTIVE' AND surgical_stays.icustay_id IS NOT NULL THEN 1
      ELSE 0
    END AS electivesurgery
  FROM hours
  LEFT JOIN surgical_stays
    ON surgical_stays.icustay_id = hours.icustay_id
  LEFT JOIN vitals
    ON vitals.icustay_id = hours.icustay_id
    AND vitals.hr = hours.hr
  LEFT JOIN lowest_gcs
    ON lowest_gcs.icustay_id = hours.icustay_id
    AND lowest_gcs.hr = hours.hr
  LEFT JOIN urine
    ON urine.icustay_id = hours.icustay_id
    AND urine.hr = hours.hr
  LEFT JOIN ventilated_hours
    ON ventilated_hours.icustay_id = hours.icustay_id
    AND ventilated_hours.hr = hours.hr
),

scores AS (
  SELECT
    *,
    CASE
      WHEN preiculos IS NULL THEN NULL
      WHEN preiculos < 612 THEN 5      -- 10.2 minutes
      WHEN preiculos < 17820 THEN 3    -- 4.95 hours
      WHEN preiculos < 86400 THEN 0    -- 24 hours
      WHEN preiculos < 1123680 THEN 2  -- 311.8 hours
      ELSE 1
    END AS preiculos_score,
    CASE
      WHEN age IS NULL THEN NULL
      WHEN age < 24 THEN 0
      WHEN age <= 53 THEN 3
      WHEN age <= 77 THEN 6
      WHEN age <= 89 THEN 9
      ELSE 7
    END AS age_score,
    CASE
      WHEN gcs_min IS NULL THEN NULL
      WHEN gcs_min <= 7 THEN 10
      WHEN gcs_min < 14 THEN 4
      WHEN gcs_min = 14 THEN 3
      ELSE 0
    END AS gcs_score,
    CASE
      WHEN heartrate_max IS NULL THEN NULL
      WHEN heartrate_max > 125 THEN 6
      WHEN heartrate_min < 33 THEN 4
      WHEN heartrate_max BETWEEN 107 AND 125 THEN 3
      WHEN heartrate_max BETWEEN 89 AND 106 THEN 1
      ELSE 0
    END AS heartrate_score,
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
      WHEN resprate_min < 6 THEN 10
      WHEN resprate_max > 44 THEN 9
      WHEN resprate_max > 30 THEN 6
      WHEN resprate_max > 22 THEN 1
      WHEN resprate_min < 13 THEN 1
      ELSE 0
    END AS resprate_score,
    CASE
      WHEN tempc_max IS NULL THEN NULL
      WHEN tempc_max > 39.88 THEN 6
      WHEN tempc_min BETWEEN 33.22 AND 35.93 THEN 4
      WHEN tempc_max BETWEEN 33.22 AND 35.93 THEN 4
      WHEN tempc_min < 33.22 THEN 3
      WHEN tempc_min > 35.93 AND tempc_min <= 36.39 THEN 2
      WHEN tempc_max BETWEEN 36.89 AND 39.88 THEN 2
      ELSE 0
    END AS temp_score,
    CASE
      WHEN urineoutput_24hours IS NULL THEN NULL
      WHEN urineoutput_24hours < 671.09 THEN 10
      WHEN urineoutput_24hours > 6896.80 THEN 8
      WHEN urineoutput_24hours BETWEEN 671.09 AND 1426.99 THEN 5
      WHEN urineoutput_24hours BETWEEN 1427.00 AND 2544.14 THEN 1
      ELSE 0
    END AS urineoutput_score,
    CASE mechvent WHEN 1 THEN 9 ELSE 0 END AS mechvent_score,
    CASE
      WHEN electivesurgery IS NULL THEN NULL
      WHEN electivesurgery = 1 THEN 0
      ELSE 6
    END AS electivesurgery_score
  FROM measurements
),

-- hours have no gaps, so 24 rows are 24 hours
scores_24hours AS (
  SELECT
    *,
    COALESCE(MAX(age_score) OVER last_24hours, 0) AS age_score_24hours,
    COALESCE(MAX(gcs_score) OVER last_24hours, 0) AS gcs_score_24hours,
    COALESCE(MAX(heartrate_score) OVER last_24hours, 0) AS heartrate_score_24hours,
    COALESCE(MAX(meanbp_score) OVER last_24hours, 0) AS meanbp_score_24hours,
    COALESCE(MAX(resprate_score) OVER last_24hours, 0) AS resprate_score_24hours,
    COALESCE(MAX(temp_score) OVER last_24hours, 0) AS temp_score_24hours,
    COALESCE(MAX(urineoutput_score) OVER last_24hours, 0) AS urineoutput_score_24hours,
    COALESCE(MAX(mechvent_score) OVER last_24hours, 0) AS mechvent_score_24hours
  FROM scores
  WINDOW last_24hours AS (PARTITION BY icustay_id ORDER BY hr ROWS BETWEEN 23 PRECEDING AND CURRENT ROW)
)

-- the hours before the stay only serve the first day's maxima
SELECT
  icustay_id,
  hr,
  starttime,
  endtime,
  meanbp_min,
  meanbp_max,
  heartrate_min,
  heartrate_max,
  tempc_min,
  tempc_max,
  resprate_min,
  resprate_max,
  gcs_min,
  mechvent,
  urineoutput,
  age,
  preiculos,
  electivesurgery,
  preiculos_score,
  age_score,
  gcs_score,
  heartrate_score,
  meanbp_score,
  resprate_score,
  temp_score,
  urineoutput_score,
  mechvent_score,
  electivesurgery_score,
  preiculos_score AS preiculos_score_24hours,
  electivesurgery_score AS electivesurgery_score_24hours,
  age_score_24hours,
  gcs_score_24hours,
  heartrate_score_24hours,
  meanbp_score_24hours,
  resprate_score_24hours,
  temp_score_24hours,
  urineoutput_score_24hours,
  mechvent_score_24hours,
  preiculos_score
  + electivesurgery_score
  + age_score_24hours
  + gcs_score_24hours
  + heartrate_score_24hours
  + meanbp_score_24hours
  + resprate_score_24hours
  + temp_score_24hours
  + urineoutput_score_24hours
  + mechvent_score_24hours
  AS OASIS_24hours
FROM scores_24hours
WHERE hr >= 0
