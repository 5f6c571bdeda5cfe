-- Highest KDIGO stage of acute kidney injury in the first 7 days of each ICU stay, with the values behind it.
WITH stages AS (
  SELECT
    stages.icustay_id,
    stages.charttime,
    stages.creat,
    stages.aki_stage_creat,
    stages.uo_rt_6hr,
    stages.uo_rt_12hr,
    stages.uo_rt_24hr,
    stages.aki_stage_uo
  FROM `physionet-data.mimiciii_clinical.icustays` AS icustays
  INNER JOIN `physionet-data.mimiciii_derived.kdigo_stages` AS stages
    ON stages.icustay_id = icustays.icustay_id
    AND DATETIME_DIFF(stages.charttime, icustays.intime, HOUR) > -6
    AND DATETIME_DIFF(stages.charttime, icustays.intime, DAY) <= 7
),

numbered_creatinines AS (
  SELECT
    *,
    ROW_NUMBER() OVER (
      PARTITION BY icustay_id
      ORDER BY aki_stage_creat DESC, creat DESC, charttime
    ) AS stage_number
  FROM stages
  WHERE aki_stage_creat IS NOT NULL
),

-- of the highest stage the highest rates, that is the mildest example
numbered_urines AS (
  SELECT
    *,
    ROW_NUMBER() OVER (
      PARTITION BY icustay_id
      ORDER BY aki_stage_uo DESC, uo_rt_24hr DESC, uo_rt_12hr DESC, uo_rt_6hr DESC, charttime, creat
    ) AS stage_number
  FROM stages
  WHERE aki_stage_uo IS NOT NULL
)

SELECT
  icustays.icustay_id,
  creatinines.charttime AS charttime_creat,
  creatinines.creat,
  creatinines.aki_stage_creat,
  urines.charttime AS charttime_uo,
  urines.uo_rt_6hr,
  urines.uo_rt_12hr,
  urines.uo_rt_24hr,
  urines.aki_stage_uo,
  GREATEST(COALESCE(creatinines.aki_stage_creat, 0), COALESCE(urines.aki_stage_uo, 0)) AS aki_stage_7day,
  CASE WHEN creatinines.aki_stage_creat > 0 OR urines.aki_stage_uo > 0 THEN 1 ELSE 0 END AS aki_7day
FROM `physionet-data.mimiciii_clinical.icustays` AS icustays
LEFT JOIN numbered_creatinines AS creatinines
  ON creatinines.icustay_id = icustays.icustay_id
  AND creatinines.stage_number = 1
LEFT JOIN numbered_urines AS urines
  ON urines.icustay_id = icustays.icustay_id
  AND urines.stage_number = 1
