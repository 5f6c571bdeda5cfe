-- KDIGO stage of acute kidney injury at each time with a creatinine, a urine output or a CRRT mode.
WITH creatinine_stages AS (
  SELECT
    stay_id,
    charttime,
    creat_low_past_7day,
    creat_low_past_48hr,
    creat,
    CASE
      WHEN creat >= creat_low_past_7day * 3.0 THEN 3
      WHEN creat >= 4 AND (creat >= creat_low_past_48hr + 0.3 OR creat >= 1.5 * creat_low_past_7day) THEN 3
      WHEN creat >= creat_low_past_7day * 2.0 THEN 2
      WHEN creat >= creat_low_past_48hr + 0.3 THEN 1
      WHEN creat >= creat_low_past_7day * 1.5 THEN 1
      ELSE 0
    END AS aki_stage_creat
  FROM `physionet-data.mimiciv_derived.kdigo_creatinine`
),

urine_stages AS (
  SELECT
    kdigo_uo.stay_id,
    kdigo_uo.charttime,
    kdigo_uo.uo_rt_6hr,
    kdigo_uo.uo_rt_12hr,
    kdigo_uo.uo_rt_24hr,
    CASE
      WHEN kdigo_uo.uo_rt_6hr IS NULL THEN NULL
      WHEN kdigo_uo.charttime <= DATETIME_ADD(icustays.intime, INTERVAL 6 HOUR) THEN 0
      WHEN kdigo_uo.uo_tm_24hr >= 24 AND kdigo_uo.uo_rt_24hr < 0.3 THEN 3
      WHEN kdigo_uo.uo_tm_12hr >= 12 AND kdigo_uo.uo_rt_12hr = 0 THEN 3
      WHEN kdigo_uo.uo_tm_12hr >= 12 AND kdigo_uo.uo_rt_12hr < 0.5 THEN 2
      WHEN kdigo_uo.uo_tm_6hr >= 6 AND kdigo_uo.uo_rt_6hr < 0.5 THEN 1
      ELSE 0
    END AS aki_stage_uo
  FROM `physionet-data.mimiciv_derived.kdigo_uo` AS kdigo_uo
  INNER JOIN `physionet-data.mimiciv_icu.icustays` AS icustays
    ON icustays.stay_id = kdigo_uo.stay_id
),

crrt_stages AS (
  SELECT
    stay_id,
    charttime,
    3 AS aki_stage_crrt
  FROM `physionet-data.mimiciv_derived.crrt`
  WHERE crrt_mode IS NOT NULL
),

times AS (
  SELECT stay_id, charttime FROM creatinine_stages
  UNION DISTINCT
  SELECT stay_id, charttime FROM urine_stages
  UNION DISTINCT
  SELECT stay_id, charttime FROM crrt_stages
),

stages AS (
  SELECT
    icustays.subject_id,
    icustays.hadm_id,
    icustays.stay_id,
    times.charttime,
    DATETIME_DIFF(times.charttime, icustays.intime, SECOND) AS seconds_since_intime,
    creatinine_stages.creat_low_past_7day,
    creatinine_stages.creat_low_past_48hr,
    creatinine_stages.creat,
    creatinine_stages.aki_stage_creat,
    urine_stages.uo_rt_6hr,
    urine_stages.uo_rt_12hr,
    urine_stages.uo_rt_24hr,
    urine_stages.aki_stage_uo,
    crrt_stages.aki_stage_crrt,
    GREATEST(
      COALESCE(creatinine_stages.aki_stage_creat, 0),
      COALESCE(urine_stages.aki_stage_uo, 0),
      COALESCE(crrt_stages.aki_stage_crrt, 0)
    ) AS aki_stage
  FROM `physionet-data.mimiciv_icu.icustays` AS icustays
  LEFT JOIN times
    ON times.stay_id = icustays.stay_id
  LEFT JOIN creatinine_stages
    ON creatinine_stages.stay_id = times.stay_id
    AND creatinine_stages.charttime = times.charttime
  LEFT JOIN urine_stages
    ON urine_stages.stay_id = times.stay_id
    AND urine_stages.charttime = times.charttime
  LEFT JOIN crrt_stages
    ON crrt_stages.stay_id = times.stay_id
    AND crrt_stages.charttime = times.charttime
)

SELECT
  subject_id,
  hadm_id,
  stay_id,
  charttime,
  creat_low_past_7day,
  creat_low_past_48hr,
  creat,
  aki_stage_creat,
  uo_rt_6hr,
  uo_rt_12hr,
  uo_rt_24hr,
  aki_stage_uo,
  aki_stage_crrt,
  aki_stage,
  -- by patient, as in the published table: stays of one patient meet at the same distance from their starts
  MAX(aki_stage) OVER (
    PARTITION BY subject_id
    ORDER BY seconds_since_intime
    RANGE BETWEEN 21600 PRECEDING AND CURRENT ROW
  ) AS aki_stage_smoothed
FROM stages
