-- Inspired oxygen at each time of an ICU stay, from blood gases or, where they do not say, from the chart.
WITH gases AS (
  SELECT
    hadm_id,
    charttime,
    ROUND(MAX(CASE WHEN valuenum >= 20 AND valuenum <= 100 THEN valuenum END), 2) AS fio2
  FROM `physionet-data.mimiciii_clinical.labevents`
  WHERE itemid = 50816 -- Oxygen
  GROUP BY
    hadm_id,
    charttime
),

-- percentages, or fractions made percentages
charted AS (
  SELECT
    hadm_id,
    charttime,
    ROUND(MAX(CASE
      WHEN itemid = 223835 AND valuenum <= 1 THEN valuenum * 100                   -- Inspired O2 Fraction
      WHEN itemid = 223835 AND valuenum >= 21 THEN valuenum
      WHEN itemid IN (3420, 3422) THEN valuenum                                    -- FiO2, FiO2 [measured]
      WHEN itemid = 190 AND valuenum > 0.20 AND valuenum < 1 THEN valuenum * 100   -- FiO2 set
    END), 2) AS fio2
  FROM `physionet-data.mimiciii_clinical.chartevents`
  WHERE itemid IN (223835, 3420, 3422, 190)
    AND valuenum > 0
    AND valuenum < 100
    AND (error IS NULL OR error <> 1)
  GROUP BY
    hadm_id,
    charttime
),

times AS (
  SELECT hadm_id, charttime FROM gases
  UNION DISTINCT
  SELECT hadm_id, charttime FROM charted
)

SELECT
  icustays.icustay_id,
  times.charttime,
  COALESCE(gases.fio2, charted.fio2) AS fio2
FROM times
INNER JOIN `physionet-data.mimiciii_clinical.icustays` AS icustays
  ON icustays.hadm_id = times.hadm_id
  AND DATETIME_SUB(icustays.intime, INTERVAL 12 HOUR) <= times.charttime
  AND DATETIME_ADD(icustays.outtime, INTERVAL 12 HOUR) >= times.charttime
LEFT JOIN gases
  ON gases.hadm_id = times.hadm_id
  AND gases.charttime = times.charttime
LEFT JOIN charted
  ON charted.hadm_id = times.hadm_id
  AND charted.charttime = times.charttime
