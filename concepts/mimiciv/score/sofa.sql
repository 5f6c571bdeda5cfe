-- Sequential Organ Failure Assessment (SOFA) of each hour of each ICU stay, and its maximum over the last 24 hours.
WITH hours AS (
  SELECT
    icustays.subject_id,
    icustays.hadm_id,
    icustay_hourly.stay_id,
    icustay_hourly.hr,
    DATETIME_SUB(icustay_hourly.endtime, INTERVAL 1 HOUR) AS starttime,
    icustay_hourly.endtime
  FROM `physionet-data.mimiciv_derived.icustay_hourly` AS icustay_hourly
  INNER JOIN `physionet-data.mimiciv_icu.icustays` AS icustays
    ON icustays.stay_id = icustay_hourly.stay_id
),

vitalsigns AS (
  SELECT
    hours.stay_id,
    hours.hr,
    MIN(vitalsign.mbp) AS meanbp_min
  FROM hours
  INNER JOIN `physionet-data.mimiciv_derived.vitalsign` AS vitalsign
    ON vitalsign.stay_id = hours.stay_id
    AND vitalsign.charttime > hours.starttime
    AND vitalsign.charttime <= hours.endtime
  GROUP BY
    hours.stay_id,
    hours.hr
),

lowest_gcs AS (
  SELECT
    hours.stay_id,
    hours.hr,
    MIN(gcs.gcs) AS gcs_min
  FROM hours
  INNER JOIN `physionet-data.mimiciv_derived.gcs` AS gcs
    ON gcs.stay_id = hours.stay_id
    AND gcs.charttime > hours.starttime
    AND gcs.charttime <= hours.endtime
  GROUP BY
    hours.stay_id,
    hours.hr
),

-- laboratory values by admission
highest_bilirubin AS (
  SELECT
    hours.stay_id,
    hours.hr,
    MAX(enzyme.bilirubin_total) AS bilirubin_max
  FROM hours
  INNER JOIN `physionet-data.mimiciv_derived.enzyme` AS enzyme
    ON enzyme.hadm_id = hours.hadm_id
    AND enzyme.charttime > hours.starttime
    AND enzyme.charttime <= hours.endtime
  GROUP BY
    hours.stay_id,
    hours.hr
),

highest_creatinine AS (
  SELECT
    hours.stay_id,
    hours.hr,
    MAX(chemistry.creatinine) AS creatinine_max
  FROM hours
  INNER JOIN `physionet-data.mimiciv_derived.chemistry` AS chemistry
    ON chemistry.hadm_id = hours.hadm_id
    AND chemistry.charttime > hours.starttime
    AND chemistry.charttime <= hours.endtime
  GROUP BY
    hours.stay_id,
    hours.hr
),

lowest_platelets AS (
  SELECT
    hours.stay_id,
    hours.hr,
    MIN(complete_blood_count.platelet) AS platelet_min
  FROM hours
  INNER JOIN `physionet-data.mimiciv_derived.complete_blood_count` AS complete_blood_count
    ON complete_blood_count.hadm_id = hours.hadm_id
    AND complete_blood_count.charttime > hours.starttime
    AND complete_blood_count.charttime <= hours.endtime
  GROUP BY
    hours.stay_id,
    hours.hr
),

-- PaO2/FiO2 by patient, apart for gases taken during and outside invasive ventilation
arterial_gases AS (
  SELECT
    hours.stay_id,
    hours.hr,
    MIN(CASE WHEN ventilation.stay_id IS NULL THEN bg.pao2fio2ratio END) AS pao2fio2ratio_novent,
    MIN(CASE WHEN ventilation.stay_id IS NOT NULL THEN bg.pao2fio2ratio END) AS pao2fio2ratio_vent
  FROM hours
  INNER JOIN `physionet-data.mimiciv_derived.bg` AS bg
    ON bg.subject_id = hours.subject_id
    AND bg.charttime > hours.starttime
    AND bg.charttime <= hours.endtime
    AND bg.specimen = 'ART.'
  LEFT JOIN `physionet-data.mimiciv_derived.ventilation` AS ventilation
    ON ventilation.stay_id = hours.stay_id
    AND ventilation.starttime <= bg.charttime
    AND ventilation.endtime >= bg.charttime
    AND ventilation.ventilation_status = 'InvasiveVent'
  GROUP BY
    hours.stay_id,
    hours.hr
),

-- scaled to 24 hours, where the collections cover about as much
urine AS (
  SELECT
    hours.stay_id,
    hours.hr,
    MAX(CASE
      WHEN rates.uo_tm_24hr BETWEEN 22 AND 30 THEN rates.urineoutput_24hr / rates.uo_tm_24hr * 24
    END) AS uo_24hr
  FROM hours
  INNER JOIN `physionet-data.mimiciv_derived.urine_output_rate` AS rates
    ON rates.stay_id = hours.stay_id
    AND rates.charttime > hours.starttime
    AND rates.charttime <= hours.endtime
  GROUP BY
    hours.stay_id,
    hours.hr
),

vasopressors AS (
  SELECT stay_id, 'epinephrine' AS drug, starttime, endtime, vaso_rate
  FROM `physionet-data.mimiciv_derived.epinephrine`
  UNION ALL
  SELECT stay_id, 'norepinephrine' AS drug, starttime, endtime, vaso_rate
  FROM `physionet-data.mimiciv_derived.norepinephrine`
  UNION ALL
  SELECT stay_id, 'dopamine' AS drug, starttime, endtime, vaso_rate
  FROM `physionet-data.mimiciv_derived.dopamine`
  UNION ALL
  SELECT stay_id, 'dobutamine' AS drug, starttime, endtime, vaso_rate
  FROM `physionet-data.mimiciv_derived.dobutamine`
),

-- infusions that run at the end of the hour
vasopressor_rates AS (
  SELECT
    hours.stay_id,
    hours.hr,
    MAX(CASE WHEN vasopressors.drug = 'epinephrine' THEN vasopressors.vaso_rate END) AS rate_epinephrine,
    MAX(CASE WHEN vasopressors.drug = 'norepinephrine' THEN vasopressors.vaso_rate END) AS rate_norepinephrine,
    MAX(CASE WHEN vasopressors.drug = 'dopamine' THEN vasopressors.vaso_rate END) AS rate_dopamine,
    MAX(CASE WHEN vasopressors.drug = 'dobutamine' THEN vasopressors.vaso_rate END) AS rate_dobutamine
  FROM hours
  INNER JOIN vasopressors
    ON vasopressors.stay_id = hours.stay_id
    AND vasopressors.starttime < hours.endtime
    AND vasopressors.endtime >= hours.endtime
  GROUP BY
    hours.stay_id,
    hours.hr
),

measurements AS (
  SELECT
    hours.stay_id,
    hours.hr,
    hours.starttime,
    hours.endtime,
    arterial_gases.pao2fio2ratio_novent,
    arterial_gases.pao2fio2ratio_vent,
    vasopressor_rates.rate_epinephrine,
    vasopressor_rates.rate_norepinephrine,
    vasopressor_rates.rate_dopamine,
    vasopressor_rates.rate_dobutamine,
    vitalsigns.meanbp_min,
    lowest_gcs.gcs_min,
    urine.uo_24hr,
    highest_bilirubin.bilirubin_max,
    highest_creatinine.creatinine_max,
    lowest_platelets.platelet_min
  FROM hours
  LEFT JOIN vitalsigns
    ON vitalsigns.stay_id = hours.stay_id
    AND vitalsigns.hr = hours.hr
  LEFT JOIN lowest_gcs
    ON lowest_gcs.stay_id = hours.stay_id
    AND lowest_gcs.hr = hours.hr
  LEFT JOIN highest_bilirubin
    ON highest_bilirubin.stay_id = hours.stay_id
    AND highest_bilirubin.hr = hours.hr
  LEFT JOIN highest_creatinine
    ON highest_creatinine.stay_id = hours.stay_id
    AND highest_creatinine.hr = hours.hr
  LEFT JOIN lowest_platelets
    ON lowest_platelets.stay_id = hours.stay_id
    AND lowest_platelets.hr = hours.hr
  LEFT JOIN arterial_gases
    ON arterial_gases.stay_id = hours.stay_id
    AND arterial_gases.hr = hours.hr
  LEFT JOIN urine
    ON urine.stay_id = hours.stay_id
    AND urine.hr = hours.hr
  LEFT JOIN vasopressor_rates
    ON vasopressor_rates.stay_id = hours.stay_id
    AND vasopressor_rates.hr = hours.hr
),

scores AS (
  SELECT
    *,
    CASE
      WHEN pao2fio2ratio_vent < 100 THEN 4
      WHEN pao2fio2ratio_vent < 200 THEN 3
      WHEN pao2fio2ratio_novent < 300 THEN 2
      WHEN pao2fio2ratio_vent < 300 THEN 2
      WHEN pao2fio2ratio_novent < 400 THEN 1
      WHEN pao2fio2ratio_vent < 400 THEN 1
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
      WHEN gcs_min BETWEEN 13 AND 14 THEN 1
      WHEN gcs_min BETWEEN 10 AND 12 THEN 2
      WHEN gcs_min BETWEEN 6 AND 9 THEN 3
      WHEN gcs_min < 6 THEN 4
      WHEN gcs_min IS NULL THEN NULL
      ELSE 0
    END AS cns,
    CASE
      WHEN creatinine_max >= 5.0 THEN 4
      WHEN uo_24hr < 200 THEN 4
      WHEN creatinine_max >= 3.5 THEN 3
      WHEN uo_24hr < 500 THEN 3
      WHEN creatinine_max >= 2.0 THEN 2
      WHEN creatinine_max >= 1.2 THEN 1
      WHEN uo_24hr IS NULL AND creatinine_max IS NULL THEN NULL
      ELSE 0
    END AS renal
  FROM measurements
),

-- hours have no gaps, so 24 rows are 24 hours
scores_24hours AS (
  SELECT
    *,
    COALESCE(MAX(respiration) OVER last_24hours, 0) AS respiration_24hours,
    COALESCE(MAX(coagulation) OVER last_24hours, 0) AS coagulation_24hours,
    COALESCE(MAX(liver) OVER last_24hours, 0) AS liver_24hours,
    COALESCE(MAX(cardiovascular) OVER last_24hours, 0) AS cardiovascular_24hours,
    COALESCE(MAX(cns) OVER last_24hours, 0) AS cns_24hours,
    COALESCE(MAX(renal) OVER last_24hours, 0) AS renal_24hours
  FROM scores
  WINDOW last_24hours AS (PARTITION BY stay_id ORDER BY hr ROWS BETWEEN 23 PRECEDING AND CURRENT ROW)
)

-- the hours before the stay only serve the first day's maxima
SELECT
  stay_id,
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
  gcs_min,
  uo_24hr,
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
