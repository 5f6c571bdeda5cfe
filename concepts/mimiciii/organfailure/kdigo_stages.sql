-- KDIGO stage of acute kidney injury at each time with a creatinine or a urine output of each ICU stay.
WITH creatinine_stages AS (
  SELECT
    icustay_id,
    charttime,
    creat,
    CASE
      WHEN creat >= creat_low_past_7day * 3.0 THEN 3
      WHEN creat >= 4 AND (creat >= creat_low_past_48hr + 0.3 OR creat >= 1.5 * creat_low_past_7day) THEN 3
      WHEN creat >= creat_low_past_7day * 2.0 THEN 2
      WHEN creat >= creat_low_past_48hr + 0.3 THEN 1
      WHEN creat >= creat_low_past_7day * 1.5 THEN 1
      ELSE 0
    END AS aki_stage_creat
  FROM `physionet-data.mimiciii_derived.kdigo_creatinine`
),

urine_stages AS (
  SELECT
    kdigo_uo.icustay_id,
    kdigo_uo.charttime,
    kdigo_uo.uo_rt_6hr,
    kdigo_uo.uo_rt_12hr,
    kdigo_uo.uo_rt_24hr,
    CASE
      WHEN kdigo_uo.uo_rt_6hr IS NULL THEN NULL
      WHEN kdigo_uo.charttime <= DATETIME_ADD(icustays.intime, INTERVAL 6 HOUR) THEN 0
      -- rates count from about half of their hours on
      WHEN kdigo_uo.uo_tm_24hr >= 11 AND kdigo_uo.uo_rt_24hr < 0.3 THEN 3
      WHEN kdigo_uo.uo_tm_12hr >= 5 AND kdigo_uo.uo_rt_12hr = 0 THEN 3
      WHEN kdigo_uo.uo_tm_12hr >= 5 AND kdigo_uo.uo_rt_12hr < 0.5 THEN 2
      WHEN kdigo_uo.uo_tm_6hr >= 2 AND kdigo_uo.uo_rt_6hr < 0.5 THEN 1
      ELSE 0
    END AS aki_stage_uo
  FROM `physionet-data.mimiciii_derived.kdigo_uo` AS kdigo_uo
  INNER JOIN `physionet-data.mimiciii_clinical.icustays` AS icustays
    ON icustays.icustay_id = kdigo_uo.icustay_id
),

times AS (
  SELECT icustay_id, charttime FROM creatinine_stages
  UNION DISTINCT
  SELECT icustay_id, charttime FROM urine_stages
)

SELECT
  icustays.icustay_id,
  times.charttime,
  creatinine_stages.creat,
  creatinine_stages.aki_stage_creat,
  urine_stages.uo_rt_6hr,
  urine_stages.uo_rt_12hr,
  urine_stages.uo_rt_24hr,
  urine_stages.aki_stage_uo,
  GREATEST(
    COALESCE(creatinine_stages.aki_stage_creat, 0),
    COALESCE(urine_stages.aki_stage_uo, 0)
  ) AS aki_stage
FROM `physionet-data.mimiciii_clinical.icustays` AS icustays
LEFT JOIN times
  ON times.icustay_id = icustays.icustay_id
LEFT JOIN creatinine_stages
  ON creatinine_stages.icustay_id = times.icustay_id
  AND creatinine_stages.charttime = times.charttime
LEFT JOIN urine_stages
  ON urine_stages.icustay_id = times.icustay_id
  AND urine_stages.charttime = times.charttime
