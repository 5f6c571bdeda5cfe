-- Sequential Organ Failure Assessment (SOFA) of each hour of each ICU stay, with the worst of the last day.
WITH hours AS (
  SELECT
    icustay_hours.icustay_id,
    icustays.hadm_id,
    icustay_hours.hr,
    DATETIME_SUB(icustay_hours.endtime, INTERVAL 1 HOUR) AS starttime,
    icustay_hours.endtime
  FROM `physionet-data.mimiciii_derived.icustay_hours` AS icustay_hours
  INNER JOIN `physionet-data.mimiciii_clinical.icustays` AS icustays
    ON icustays.icustay_id = icustay_hours.icustay_id
),

pressures AS (
  SELECT
    icustay_id,
    charttime,
    valuenum
  FROM `physionet-data.mimiciii_clinical.chartevents`
  WHERE itemid IN (
      456,    -- NBP Mean
      52,     -- Arterial BP Mean
      6702,   -- Arterial BP Mean #2
      443,    -- Manual BP Mean(calc)
      220052, -- Arterial Blood Pressure mean
      220181, -- Non Invasive Blood Pressure mean
      225312  -- ART BP mean
    )
    AND valuenum > 0
    AND valuenum < 300
    AND (error IS NULL OR error <> 1)
),

lowest_pressure AS (
  SELECT
    hours.icustay_id,
    hours.hr,
    MIN(pressures.valuenum) AS meanbp_min
  FROM hours
  INNER JOIN pressures
    ON pressures.icustay_id = hours.icustay_id
    AND pressures.charttime > hours.starttime
    AND pressures.charttime <= hours.endtime
  GROUP BY
    hours.icustay_id,
    hours.hr
),

lowest_gcs AS (
  SELECT
    hours.icustay_id,
    hours.hr,
    MIN(pivoted_gcs.gcs) AS GCS_min
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

-- laboratory values by admission
labs AS (
  SELECT
    hours.icustay_id,
    hours.hr,
    MAX(pivoted_lab.BILIRUBIN) AS bilirubin_max,
    MAX(pivoted_lab.CREATININE) AS creatinine_max,
    MIN(pivoted_lab.PLATELET) AS platelet_min
  FROM hours
  INNER JOIN `physionet-data.mimiciii_derived.pivoted_lab` AS pivoted_lab
    ON pivoted_lab.hadm_id = hours.hadm_id
    AND pivoted_lab.charttime > hours.starttime
    AND pivoted_lab.charttime <= hours.endtime
  GROUP BY
    hours.icustay_id,
    hours.hr
),

-- one row per gas and interval of ventilation that holds it, or per gas outside ventilation
gases AS (
  SELECT
    hours.icustay_id,
    hours.hr,
    pivoted_bg_art.pao2fio2ratio,
    ventilation_durations.icustay_id IS NOT NULL AS is_ventilated
  FROM hours
  INNER JOIN `physionet-data.mimiciii_derived.pivoted_bg_art` AS pivoted_bg_art
    ON pivoted_bg_art.icustay_id = hours.icustay_id
    AND pivoted_bg_art.charttime > hours.starttime
    AND pivoted_bg_art.charttime <= hours.endtime
  LEFT JOIN `physionet-data.mimiciii_derived.ventilation_durations` AS ventilation_durations
    ON ventilation_durations.icustay_id = hours.icustay_id
    AND ventilation_durations.starttime <= pivoted_bg_art.charttime
    AND ventilation_durations.endtime >= pivoted_bg_art.charttime
),

lowest_ratios AS (
  SELECT
    icustay_id,
    hr,
    MIN(CASE WHEN NOT is_ventilated THEN pao2fio2ratio END) AS pao2fio2ratio_novent,
    MIN(CASE WHEN is_ventilated THEN pao2fio2ratio END) AS pao2fio2ratio_vent
  FROM gases
  GROUP BY
    icustay_id,
    hr
),

-- as in the published table, an hour is repeated for each combination of infusions that run at its end and of its gases
repeated_hours AS (
  SELECT
    hours.icustay_id,
    hours.hr,
    epinephrine_dose.vaso_rate AS rate_epinephrine,
    norepinephrine_dose.vaso_rate AS rate_norepinephrine,
    dopamine_dose.vaso_rate AS rate_dopamine,
    dobutamine_dose.vaso_rate AS rate_dobutamine
  FROM hours
  LEFT JOIN `physionet-data.mimiciii_derived.epinephrine_dose` AS epinephrine_dose
    ON epinephrine_dose.icustay_id = hours.icustay_id
    AND epinephrine_dose.starttime < hours.endtime
    AND epinephrine_dose.endtime >= hours.endtime
  LEFT JOIN `physionet-data.mimiciii_derived.norepinephrine_dose` AS norepinephrine_dose
    ON norepinephrine_dose.icustay_id = hours.icustay_id
    AND norepinephrine_dose.starttime < hours.endtime
    AND norepinephrine_dose.endtime >= hours.endtime
  LEFT JOIN `physionet-data.mimiciii_derived.dopamine_dose` AS dopamine_dose
    ON dopamine_dose.icustay_id = hours.icustay_id
    AND dopamine_dose.starttime < hours.endtime
    AND dopamine_dose.endtime >= hours.endtime
  LEFT JOIN `physionet-data.mimiciii_derived.dobutamine_dose` AS dobutamine_dose
    ON dobutamine_dose.icustay_id = hours.icustay_id
    AND dobutamine_dose.starttime < hours.endtime
    AND dobutamine_dose.endtime >= hours.endtime
  LEFT JOIN gases
    ON gases.icustay_id = hours.icustay_id
    AND gases.hr = hours.hr
),

-- the windows below count rows, so the rows of an hour need an order
numbered_hours AS (
  SELECT
    icustay_id,
    hr,
    rate_epinephrine,
    rate_norepinephrine,
    rate_dopamine,
    rate_dobutamine,
    ROW_NUMBER() OVER (
      PARTITION BY icustay_id, hr
      ORDER BY rate_epinephrine, rate_norepinephrine, rate_dopamine, rate_dobutamine
    ) AS repetition
  FROM repeated_hours
),

measurements AS (
  SELECT
    hours.icustay_id,
    hours.hr,
    numbered_hours.repetition,
    hours.starttime,
    hours.endtime,
    lowest_ratios.pao2fio2ratio_novent,
    lowest_ratios.pao2fio2ratio_vent,
    numbered_hours.rate_epinephrine,
    numbered_hours.rate_norepinephrine,
    numbered_hours.rate_dopamine,
    numbered_hours.rate_dobutamine,
    lowest_pressure.meanbp_min,
    lowest_gcs.GCS_min,
    urine.urineoutput,
    labs.bilirubin_max,
    labs.creatinine_max,
    labs.platelet_min,
    SUM(urine.urineoutput) OVER (
      PARTITION BY hours.icustay_id
      ORDER BY hours.hr, numbered_hours.repetition
      ROWS BETWEEN 23 PRECEDING AND CURRENT ROW
    ) AS urineoutput_24hours
  FROM hours
  INNER JOIN numbered_hours
    ON numbered_hours.icustay_id = hours.icustay_id
    AND numbered_hours.hr = hours.hr
  LEFT JOIN lowest_ratios
    ON lowest_ratios.icustay_id = hours.icustay_id
    AND lowest_ratios.hr = hours.hr
  LEFT JOIN lowest_pressure
    ON lowest_pressure.icustay_id = hours.icustay_id
    AND lowest_pressure.hr = hours.hr
  LEFT JOIN lowest_gcs
    ON lowest_gcs.icustay_id = hours.icustay_id
    AND lowest_gcs.hr = hours.hr
  LEFT JOIN urine
    ON urine.icustay_id = hours.icustay_id
    AND urine.hr = hours.hr
  LEFT JOIN labs
    ON labs.icustay_id = hours.icustay_id
    AND labs.hr = hours.hr
),

scores AS (
  SELECT
    *,
    CASE
      WHEN pao2fio2ratio_vent < 100 THEN 4
      WHEN pao2fio2ratio_vent < 200 THEN 3
      WHEN pao2fio2ratio_novent < 300 THEN 2
      WHEN pao2fio2ratio_novent < 400 THEN 1
      WHEN pao2fio2ratio_vent IS NULL AND pao2fio2ratio_novent IS NULL THEN NULL
      ELSE 0
    END AS respiration,
    CASE
      WHEN platelet_min < 20 THEN 4
      WHEN platelet_min < 50 THEN 3
      WHEN platelet_min < 100 THEN 2
      WHEN platelet_min < 150 THEN 1
      WHEN platelet_min IS NULL THEN NULL
      ELSE 0
    END AS coagulation,
    CASE
      WHEN bilirubin_max >= 12.0 THEN 4
      WHEN bilirubin_max >= 6.0 THEN 3
      WHEN bilirubin_max >= 2.0 THEN 2
      WHEN bilirubin_max >= 1.2 THEN 1
      WHEN bilirubin_max IS NULL THEN NULL
      ELSE 0
    END AS liver,
    CASE
      WHEN rate_dopamine > 15 OR rate_epinephrine > 0.1 OR rate_norepinephrine > 0.1 THEN 4
      WHEN rate_dopamine > 5 OR rate_epinephrine <= 0.1 OR rate_norepinephrine <= 0.1 THEN 3
      WHEN rate_dopamine > 0 OR rate_dobutamine > 0 THEN 2
      WHEN meanbp_min < 70 THEN 1
      WHEN meanbp_min IS NULL
        AND rate_dopamine IS NULL
        AND rate_dobutamine IS NULL
        AND rate_epinephrine IS NULL
        AND rate_norepinephrine IS NULL
        THEN NULL
      ELSE 0
    END AS cardiovascular,
    CASE
      WHEN GCS_min BETWEEN 13 AND 14 THEN 1
      WHEN GCS_min BETWEEN 10 AND 12 THEN 2
      WHEN GCS_min BETWEEN 6 AND 9 THEN 3
      WHEN GCS_min < 6 THEN 4
      WHEN GCS_min IS NULL THEN NULL
      ELSE 0
    END AS cns,
    CASE
      WHEN creatinine_max >= 5.0 THEN 4
      WHEN urineoutput_24hours < 200 THEN 4
      WHEN creatinine_max >= 3.5 THEN 3
      WHEN urineoutput_24hours < 500 THEN 3
      WHEN creatinine_max >= 2.0 THEN 2
      WHEN creatinine_max >= 1.2 THEN 1
      WHEN urineoutput_24hours IS NULL AND creatinine_max IS NULL THEN NULL
      ELSE 0
    END AS renal
  FROM measurements
),

-- 25 rows, as in the published table: one more than for the urine
scores_24hours AS (
  SELECT
    *,
    COALESCE(MAX(respiration) OVER last_rows, 0) AS respiration_24hours,
    COALESCE(MAX(coagulation) OVER last_rows, 0) AS coagulation_24hours,
    COALESCE(MAX(liver) OVER last_rows, 0) AS liver_24hours,
    COALESCE(MAX(cardiovascular) OVER last_rows, 0) AS cardiovascular_24hours,
    COALESCE(MAX(cns) OVER last_rows, 0) AS cns_24hours,
    COALESCE(MAX(renal) OVER last_rows, 0) AS renal_24hours
  FROM scores
  WINDOW last_rows AS (PARTITION BY icustay_id ORDER BY hr, repetition ROWS BETWEEN 24 PRECEDING AND CURRENT ROW)
)

-- the hours before the stay only serve the first day's maxima
SELECT
  icustay_id,
  hr,
  starttime,
  endtime,
  pao2fio2ratio_novent,
  pao2fio2ratio_vent,
  rate_epinephrine,
  rate_norepinephrine,
  rate_dopamine,
  rate_dobutamine,
  meanbp_min,
  GCS_min,
  urineoutput,
  bilirubin_max,
  creatinine_max,
  platelet_min,
  respiration,
  coagulation,
  liver,
  cardiovascular,
  cns,
  renal,
  respiration_24hours,
  coagulation_24hours,
  liver_24hours,
  cardiovascular_24hours,
  cns_24hours,
  renal_24hours,
  respiration_24hours
  + coagulation_24hours
  + liver_24hours
  + cardiovascular_24hours
  + cns_24hours
  + renal_24hours
  AS sofa_24hours
FROM scores_24hours
WHERE hr >= 0
