-- Sequential Organ Failure Assessment (SOFA) of MIMIC-III for each hour of each ICU stay. As published: an hour with several
-- matching records has several rows, and the windows count rows.
WITH hours AS (
  SELECT
    icustays.icustay_id,
    icustays.hadm_id,
    icustay_hours.hr,
    DATETIME_SUB(icustay_hours.endtime, INTERVAL '1' HOUR) AS starttime,
    icustay_hours.endtime
  FROM `physionet-data.mimiciii_derived.icustay_hours` AS icustay_hours
  INNER JOIN `physionet-data.mimiciii_clinical.icustays` AS icustays
    ON icustays.icustay_id = icustay_hours.icustay_id
),

blood_pressure AS (
  SELECT
    hours.icustay_id,
    hours.hr,
    MIN(chartevents.valuenum) AS meanbp_min
  FROM hours
  INNER JOIN `physionet-data.mimiciii_clinical.chartevents` AS chartevents
    ON chartevents.icustay_id = hours.icustay_id
    AND chartevents.charttime > hours.starttime
    AND chartevents.charttime <= hours.endtime
  WHERE chartevents.itemid IN (
      456, -- NBP Mean
      52, -- Arterial BP Mean
      6702, -- Arterial BP Mean #2
      443, -- Manual BP Mean(calc)
      220052, -- Arterial Blood Pressure mean
      220181, -- Non Invasive Blood Pressure mean
      225312 -- ART BP mean
    )
    AND chartevents.valuenum > 0
    AND chartevents.valuenum < 300
    AND (chartevents.error IS NULL OR chartevents.error = 0)
  GROUP BY hours.icustay_id, hours.hr
),

coma AS (
  SELECT
    hours.icustay_id,
    hours.hr,
    MIN(gcs.gcs) AS gcs_min
  FROM hours
  INNER JOIN `physionet-data.mimiciii_derived.pivoted_gcs` AS gcs
    ON gcs.icustay_id = hours.icustay_id
    AND gcs.charttime > hours.starttime
    AND gcs.charttime <= hours.endtime
  GROUP BY hours.icustay_id, hours.hr
),

labs AS (
  SELECT
    hours.icustay_id,
    hours.hr,
    MAX(pivoted_lab.bilirubin) AS bilirubin_max,
    MAX(pivoted_lab.creatinine) AS creatinine_max,
    MIN(pivoted_lab.platelet) AS platelet_min
  FROM hours
  INNER JOIN `physionet-data.mimiciii_derived.pivoted_lab` AS pivoted_lab
    ON pivoted_lab.hadm_id = hours.hadm_id
    AND pivoted_lab.charttime > hours.starttime
    AND pivoted_lab.charttime <= hours.endtime
  GROUP BY hours.icustay_id, hours.hr
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
  GROUP BY hours.icustay_id, hours.hr
),

-- a gas counts as ventilated if some ventilation of the stay holds its time; it is repeated for each that does
gases AS (
  SELECT
    bg.icustay_id,
    bg.charttime,
    CASE WHEN ventilation.icustay_id IS NULL THEN bg.pao2fio2ratio END AS pao2fio2ratio_novent,
    CASE WHEN ventilation.icustay_id IS NOT NULL THEN bg.pao2fio2ratio END AS pao2fio2ratio_vent
  FROM `physionet-data.mimiciii_derived.pivoted_bg_art` AS bg
  LEFT JOIN `physionet-data.mimiciii_derived.ventilation_durations` AS ventilation
    ON ventilation.icustay_id = bg.icustay_id
    AND bg.charttime >= ventilation.starttime
    AND bg.charttime <= ventilation.endtime
),

ratios AS (
  SELECT
    hours.icustay_id,
    hours.hr,
    MIN(gases.pao2fio2ratio_novent) AS pao2fio2ratio_novent,
    MIN(gases.pao2fio2ratio_vent) AS pao2fio2ratio_vent
  FROM hours
  INNER JOIN gases
    ON gases.icustay_id = hours.icustay_id
    AND gases.charttime > hours.starttime
    AND gases.charttime <= hours.endtime
  GROUP BY hours.icustay_id, hours.hr
),

measured AS (
  SELECT
    hours.icustay_id,
    hours.hr,
    hours.starttime,
    hours.endtime,
    ratios.pao2fio2ratio_novent,
    ratios.pao2fio2ratio_vent,
    epinephrine.vaso_rate AS rate_epinephrine,
    norepinephrine.vaso_rate AS rate_norepinephrine,
    dopamine.vaso_rate AS rate_dopamine,
    dobutamine.vaso_rate AS rate_dobutamine,
    blood_pressure.meanbp_min,
    coma.gcs_min,
    urine.urineoutput,
    labs.bilirubin_max,
    labs.creatinine_max,
    labs.platelet_min
  FROM hours
  -- the gases give no column, but an hour with several has several rows
  LEFT JOIN gases
    ON gases.icustay_id = hours.icustay_id
    AND gases.charttime > hours.starttime
    AND gases.charttime <= hours.endtime
  LEFT JOIN ratios ON ratios.icustay_id = hours.icustay_id AND ratios.hr = hours.hr
  LEFT JOIN blood_pressure ON blood_pressure.icustay_id = hours.icustay_id AND blood_pressure.hr = hours.hr
  LEFT JOIN coma ON coma.icustay_id = hours.icustay_id AND coma.hr = hours.hr
  LEFT JOIN labs ON labs.icustay_id = hours.icustay_id AND labs.hr = hours.hr
  LEFT JOIN urine ON urine.icustay_id = hours.icustay_id AND urine.hr = hours.hr
  LEFT JOIN `physionet-data.mimiciii_derived.epinephrine_dose` AS epinephrine
    ON epinephrine.icustay_id = hours.icustay_id
    AND epinephrine.starttime < hours.endtime
    AND epinephrine.endtime >= hours.endtime
  LEFT JOIN `physionet-data.mimiciii_derived.norepinephrine_dose` AS norepinephrine
    ON norepinephrine.icustay_id = hours.icustay_id
    AND norepinephrine.starttime < hours.endtime
    AND norepinephrine.endtime >= hours.endtime
  LEFT JOIN `physionet-data.mimiciii_derived.dopamine_dose` AS dopamine
    ON dopamine.icustay_id = hours.icustay_id
    AND dopamine.starttime < hours.endtime
    AND dopamine.endtime >= hours.endtime
  LEFT JOIN `physionet-data.mimiciii_derived.dobutamine_dose` AS dobutamine
    ON dobutamine.icustay_id = hours.icustay_id
    AND dobutamine.starttime < hours.endtime
    AND dobutamine.endtime >= hours.endtime
),

summed AS (
  SELECT
    *,
    SUM(urineoutput) OVER (PARTITION BY icustay_id ORDER BY hr ROWS BETWEEN 23 PRECEDING AND CURRENT ROW) AS urine_24rows
  FROM measured
),

scored AS (
  SELECT
    *,
    CASE
      WHEN pao2fio2ratio_vent < 100 THEN 4
      WHEN pao2fio2ratio_vent < 200 THEN 3
      WHEN pao2fio2ratio_novent < 300 THEN 2
      WHEN pao2fio2ratio_novent < 400 THEN 1
      WHEN COALESCE(pao2fio2ratio_vent, pao2fio2ratio_novent) IS NULL THEN NULL
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
      WHEN COALESCE(meanbp_min, rate_dopamine, rate_dobutamine, rate_epinephrine, rate_norepinephrine) IS NULL THEN NULL
      ELSE 0
    END AS cardiovascular,
    CASE
      WHEN gcs_min >= 13 AND gcs_min <= 14 THEN 1
      WHEN gcs_min >= 10 AND gcs_min <= 12 THEN 2
      WHEN gcs_min >= 6 AND gcs_min <= 9 THEN 3
      WHEN gcs_min < 6 THEN 4
      WHEN gcs_min IS NULL THEN NULL
      ELSE 0
    END AS cns,
    CASE
      WHEN creatinine_max >= 5.0 THEN 4
      WHEN urine_24rows < 200 THEN 4
      WHEN creatinine_max >= 3.5 AND creatinine_max < 5.0 THEN 3
      WHEN urine_24rows < 500 THEN 3
      WHEN creatinine_max >= 2.0 AND creatinine_max < 3.5 THEN 2
      WHEN creatinine_max >= 1.2 AND creatinine_max < 2.0 THEN 1
      WHEN COALESCE(urine_24rows, creatinine_max) IS NULL THEN NULL
      ELSE 0
    END AS renal
  FROM summed
),

worst AS (
  SELECT
    *,
    COALESCE(MAX(respiration) OVER last_rows, 0) AS respiration_24hours,
    COALESCE(MAX(coagulation) OVER last_rows, 0) AS coagulation_24hours,
    COALESCE(MAX(liver) OVER last_rows, 0) AS liver_24hours,
    COALESCE(MAX(cardiovascular) OVER last_rows, 0) AS cardiovascular_24hours,
    COALESCE(MAX(cns) OVER last_rows, 0) AS cns_24hours,
    COALESCE(MAX(renal) OVER last_rows, 0) AS renal_24hours
  FROM scored
  WINDOW last_rows AS (PARTITION BY icustay_id ORDER BY hr ROWS BETWEEN 24 PRECEDING AND 0 FOLLOWING)
)

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
  gcs_min AS GCS_min,
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
  respiration_24hours + coagulation_24hours + liver_24hours + cardiovascular_24hours + cns_24hours + renal_24hours
    AS sofa_24hours
FROM worst
WHERE hr >= 0
