-- Blood gas panels of each admission and time, with the ICU stay they fall in.
WITH panels AS (
  SELECT
    hadm_id,
    charttime,
    MAX(CASE WHEN itemid = 50800 THEN value END) AS specimen,
    AVG(CASE WHEN itemid = 50801 AND valuenum > 0 THEN valuenum END) AS aado2,
    AVG(CASE WHEN itemid = 50802 AND valuenum > 0 THEN valuenum END) AS baseexcess,
    AVG(CASE WHEN itemid = 50803 AND valuenum > 0 THEN valuenum END) AS bicarbonate,
    AVG(CASE WHEN itemid = 50804 AND valuenum > 0 THEN valuenum END) AS totalco2,
    AVG(CASE WHEN itemid = 50805 AND valuenum > 0 THEN valuenum END) AS carboxyhemoglobin,
    AVG(CASE WHEN itemid = 50806 AND valuenum > 0 THEN valuenum END) AS chloride,
    AVG(CASE WHEN itemid = 50808 AND valuenum > 0 THEN valuenum END) AS calcium,
    AVG(CASE WHEN itemid = 50809 AND valuenum > 0 THEN valuenum END) AS glucose,
    AVG(CASE WHEN itemid = 50810 AND valuenum > 0 AND valuenum <= 100 THEN valuenum END) AS hematocrit,
    AVG(CASE WHEN itemid = 50811 AND valuenum > 0 THEN valuenum END) AS hemoglobin,
    AVG(CASE WHEN itemid = 50812 AND valuenum > 0 THEN valuenum END) AS intubated,
    AVG(CASE WHEN itemid = 50813 AND valuenum > 0 THEN valuenum END) AS lactate,
    AVG(CASE WHEN itemid = 50814 AND valuenum > 0 THEN valuenum END) AS methemoglobin,
    AVG(CASE WHEN itemid = 50815 AND valuenum > 0 AND valuenum <= 70 THEN valuenum END) AS o2flow,
    AVG(CASE WHEN itemid = 50816 AND valuenum >= 20 AND valuenum <= 100 THEN valuenum END) AS fio2,
    AVG(CASE WHEN itemid = 50817 AND valuenum > 0 AND valuenum <= 100 THEN valuenum END) AS so2,
    AVG(CASE WHEN itemid = 50818 AND valuenum > 0 THEN valuenum END) AS pco2,
    AVG(CASE WHEN itemid = 50819 AND valuenum > 0 THEN valuenum END) AS peep,
    AVG(CASE WHEN itemid = 50820 AND valuenum > 0 THEN valuenum END) AS ph,
    AVG(CASE WHEN itemid = 50821 AND valuenum > 0 AND valuenum <= 800 THEN valuenum END) AS po2,
    AVG(CASE WHEN itemid = 50822 AND valuenum > 0 THEN valuenum END) AS potassium,
    AVG(CASE WHEN itemid = 50823 AND valuenum > 0 THEN valuenum END) AS requiredo2,
    AVG(CASE WHEN itemid = 50824 AND valuenum > 0 THEN valuenum END) AS sodium,
    AVG(CASE WHEN itemid = 50825 AND valuenum > 0 THEN valuenum END) AS temperature,
    AVG(CASE WHEN itemid = 50826 AND valuenum > 0 THEN valuenum END) AS tidalvolume,
    MAX(CASE WHEN itemid = 50827 AND valuenum > 0 THEN valuenum END) AS ventilationrate,
    MAX(CASE WHEN itemid = 50828 AND valuenum > 0 THEN valuenum END) AS ventilator
  FROM `physionet-data.mimiciii_clinical.labevents`
  WHERE itemid BETWEEN 50800 AND 50828 -- all results of the blood gas analyser
    OR itemid = 51545                  -- VOIDED SPECIMEN: makes a row without values
  GROUP BY
    hadm_id,
    charttime
  -- two specimens at one time cannot be told apart
  HAVING COUNTIF(itemid = 50800) < 2
),

-- twelve hours to either side of a stay; between two that are less than a day apart, half the hours or minutes between
neighbouring_icustays AS (
  SELECT
    subject_id,
    icustay_id,
    intime,
    outtime,
    LAG(outtime) OVER (PARTITION BY subject_id ORDER BY intime, icustay_id) AS previous_outtime,
    LEAD(intime) OVER (PARTITION BY subject_id ORDER BY intime, icustay_id) AS next_intime
  FROM `physionet-data.mimiciii_clinical.icustays`
),

icustay_windows AS (
  SELECT
    subject_id,
    icustay_id,
    CASE
      WHEN previous_outtime > DATETIME_SUB(intime, INTERVAL 24 HOUR)
        THEN DATETIME_SUB(
          intime,
          INTERVAL CAST(DATETIME_DIFF(intime, previous_outtime, HOUR) / 2 AS INT64) HOUR
        )
      ELSE DATETIME_SUB(intime, INTERVAL 12 HOUR)
    END AS window_start,
    CASE
      WHEN next_intime < DATETIME_ADD(outtime, INTERVAL 24 HOUR)
        THEN DATETIME_ADD(
          outtime,
          INTERVAL CAST(DATETIME_DIFF(next_intime, outtime, MINUTE) / 2 AS INT64) MINUTE
        )
      ELSE DATETIME_ADD(outtime, INTERVAL 12 HOUR)
    END AS window_end
  FROM neighbouring_icustays
)

SELECT
  icustay_windows.icustay_id,
  panels.hadm_id,
  panels.charttime,
  panels.specimen,
  panels.aado2,
  panels.baseexcess,
  panels.bicarbonate,
  panels.totalco2,
  panels.carboxyhemoglobin,
  panels.chloride,
  panels.calcium,
  panels.glucose,
  panels.hematocrit,
  panels.hemoglobin,
  panels.intubated,
  panels.lactate,
  panels.methemoglobin,
  panels.o2flow,
  panels.fio2,
  panels.so2,
  panels.pco2,
  panels.peep,
  panels.ph,
  panels.po2,
  panels.potassium,
  panels.requiredo2,
  panels.sodium,
  panels.temperature,
  panels.tidalvolume,
  panels.ventilationrate,
  panels.ventilator
FROM panels
INNER JOIN `physionet-data.mimiciii_clinical.admissions` AS admissions
  ON admissions.hadm_id = panels.hadm_id
LEFT JOIN icustay_windows
  ON icustay_windows.subject_id = admissions.subject_id
  AND icustay_windows.window_start <= panels.charttime
  AND icustay_windows.window_end > panels.charttime
