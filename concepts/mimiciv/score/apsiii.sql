-- Acute Physiology Score III (APS III) of the first day of each ICU stay, with a probability of death.
WITH chronic_kidney_disease AS (
  SELECT
    hadm_id,
    MAX(CASE
      WHEN icd_version = 9 AND SUBSTR(icd_code, 1, 4) IN ('5854', '5855', '5856') THEN 1
      WHEN icd_version = 10 AND SUBSTR(icd_code, 1, 4) IN ('N184', 'N185', 'N186') THEN 1
      ELSE 0
    END) AS stage_4_or_more
  FROM `physionet-data.mimiciv_hosp.diagnoses_icd`
  GROUP BY hadm_id
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

-- arterial blood gases of the whole stay
arterial_gases AS (
  SELECT
    icustays.stay_id,
    bg.po2,
    bg.pco2,
    bg.ph,
    bg.aado2,
    COALESCE(bg.fio2, bg.fio2_chartevents) AS fio2,
    ventilation.stay_id IS NOT NULL AS ventilated
  FROM `physionet-data.mimiciv_derived.bg` AS bg
  INNER JOIN `physionet-data.mimiciv_icu.icustays` AS icustays
    ON icustays.hadm_id = bg.hadm_id
    AND icustays.intime <= bg.charttime
    AND icustays.outtime > bg.charttime
  LEFT JOIN `physionet-data.mimiciv_derived.ventilation` AS ventilation
    ON ventilation.stay_id = icustays.stay_id
    AND ventilation.starttime <= bg.charttime
    AND ventilation.endtime >= bg.charttime
    AND ventilation.ventilation_status = 'InvasiveVent'
  WHERE bg.specimen = 'ART.'
),

gas_values AS (
  SELECT
    stay_id,
    MAX(CASE WHEN NOT ventilated AND COALESCE(fio2, 21) < 50 THEN po2 END) AS pao2,
    MAX(CASE WHEN ventilated AND fio2 >= 50 THEN aado2 END) AS aado2,
    MAX(CASE
      WHEN ph IS NULL OR pco2 IS NULL THEN NULL
      WHEN ph < 7.20 AND pco2 < 50 THEN 12
      WHEN ph < 7.20 THEN 4
      WHEN ph < 7.30 AND pco2 < 30 THEN 9
      WHEN ph < 7.30 AND pco2 < 40 THEN 6
      WHEN ph < 7.30 AND pco2 < 50 THEN 3
      WHEN ph < 7.30 THEN 2
      WHEN ph < 7.35 AND pco2 < 30 THEN 9
      WHEN ph < 7.35 AND pco2 < 45 THEN 0
      WHEN ph < 7.35 THEN 1
      WHEN ph < 7.45 AND pco2 < 30 THEN 5
      WHEN ph < 7.45 AND pco2 < 45 THEN 0
      WHEN ph < 7.45 THEN 1
      WHEN ph < 7.50 AND pco2 < 30 THEN 5
      WHEN ph < 7.50 AND pco2 < 35 THEN 0
      WHEN ph < 7.50 AND pco2 < 45 THEN 2
      WHEN ph < 7.50 THEN 12
      WHEN ph < 7.60 AND pco2 < 40 THEN 3
      WHEN ph < 7.60 THEN 12
      WHEN pco2 < 25 THEN 0
      WHEN pco2 < 40 THEN 3
      ELSE 12
    END) AS acidbase_score
  FROM arterial_gases
  GROUP BY stay_id
),

measurements AS (
  SELECT
    icustays.stay_id,
    gas_values.pao2,
    gas_values.aado2,
    gas_values.acidbase_score,
    CASE WHEN ventilated_stays.stay_id IS NOT NULL THEN 1 ELSE 0 END AS ventilated,
    -- acute renal failure
    CASE
      WHEN labs.creatinine_max >= 1.5
        AND urine_output.urineoutput < 410
        AND chronic_kidney_disease.stage_4_or_more = 0
        THEN 1
      ELSE 0
    END AS arf,
    urine_output.urineoutput,
    gcs.gcs_motor,
    gcs.gcs_verbal,
    gcs.gcs_eyes,
    gcs.gcs_unable,
    vitalsigns.heart_rate_min,
    vitalsigns.heart_rate_max,
    vitalsigns.mbp_min,
    vitalsigns.mbp_max,
    vitalsigns.temperature_min,
    vitalsigns.temperature_max,
    vitalsigns.resp_rate_min,
    vitalsigns.resp_rate_max,
    labs.hematocrit_min,
    labs.hematocrit_max,
    labs.wbc_min,
    labs.wbc_max,
    labs.creatinine_min,
    labs.creatinine_max,
    labs.bun_min,
    labs.bun_max,
    labs.sodium_min,
    labs.sodium_max,
    labs.albumin_min,
    labs.albumin_max,
    labs.bilirubin_total_min,
    labs.bilirubin_total_max,
    -- of the laboratory and the bedside, whichever is known
    LEAST(
      COALESCE(labs.glucose_min, vitalsigns.glucose_min),
      COALESCE(vitalsigns.glucose_min, labs.glucose_min)
    ) AS glucose_min,
    GREATEST(
      COALESCE(labs.glucose_max, vitalsigns.glucose_max),
      COALESCE(vitalsigns.glucose_max, labs.glucose_max)
    ) AS glucose_max
  FROM `physionet-data.mimiciv_icu.icustays` AS icustays
  INNER JOIN `physionet-data.mimiciv_hosp.admissions` AS admissions
    ON admissions.hadm_id = icustays.hadm_id
  INNER JOIN `physionet-data.mimiciv_hosp.patients` AS patients
    ON patients.subject_id = icustays.subject_id
  LEFT JOIN chronic_kidney_disease
    ON chronic_kidney_disease.hadm_id = icustays.hadm_id
  LEFT JOIN ventilated_stays
    ON ventilated_stays.stay_id = icustays.stay_id
  LEFT JOIN gas_values
    ON gas_values.stay_id = icustays.stay_id
  LEFT JOIN `physionet-data.mimiciv_derived.first_day_gcs` AS gcs
    ON gcs.stay_id = icustays.stay_id
  LEFT JOIN `physionet-data.mimiciv_derived.first_day_vitalsign` AS vitalsigns
    ON vitalsigns.stay_id = icustays.stay_id
  LEFT JOIN `physionet-data.mimiciv_derived.first_day_urine_output` AS urine_output
    ON urine_output.stay_id = icustays.stay_id
  LEFT JOIN `physionet-data.mimiciv_derived.first_day_lab` AS labs
    ON labs.stay_id = icustays.stay_id
),

-- two rows per stay, so that one scoring table serves both extremes
extremes AS (
  SELECT
    stay_id,
    'lowest' AS extreme,
    ventilated,
    arf,
    heart_rate_min AS heart_rate,
    mbp_min AS mbp,
    temperature_min AS temperature,
    resp_rate_min AS resp_rate,
    hematocrit_min AS hematocrit,
    wbc_min AS wbc,
    creatinine_min AS creatinine,
    bun_min AS bun,
    sodium_min AS sodium,
    albumin_min AS albumin,
    bilirubin_total_min AS bilirubin,
    glucose_min AS glucose
  FROM measurements

  UNION ALL

  SELECT
    stay_id,
    'highest' AS extreme,
    ventilated,
    arf,
    heart_rate_max AS heart_rate,
    mbp_max AS mbp,
    temperature_max AS temperature,
    resp_rate_max AS resp_rate,
    hematocrit_max AS hematocrit,
    wbc_max AS wbc,
    creatinine_max AS creatinine,
    bun_max AS bun,
    sodium_max AS sodium,
    albumin_max AS albumin,
    bilirubin_total_max AS bilirubin,
    glucose_max AS glucose
  FROM measurements
),

-- the score of each extreme, and for most variables its distance from normal
extreme_scores AS (
  SELECT
    stay_id,
    extreme,
    ABS(heart_rate - 75) AS hr_distance,
    CASE
      WHEN heart_rate < 40 THEN 8
      WHEN heart_rate < 50 THEN 5
      WHEN heart_rate < 100 THEN 0
      WHEN heart_rate < 110 THEN 1
      WHEN heart_rate < 120 THEN 5
      WHEN heart_rate < 140 THEN 7
      WHEN heart_rate < 155 THEN 13
      WHEN heart_rate >= 155 THEN 17
    END AS hr_score,
    ABS(mbp - 90) AS mbp_distance,
    CASE
      WHEN mbp < 40 THEN 23
      WHEN mbp < 60 THEN 15
      WHEN mbp < 70 THEN 7
      WHEN mbp < 80 THEN 6
      WHEN mbp < 100 THEN 0
      WHEN mbp < 120 THEN 4
      WHEN mbp < 130 THEN 7
      WHEN mbp < 140 THEN 9
      WHEN mbp >= 140 THEN 10
    END AS mbp_score,
    ABS(temperature - 38) AS temp_distance,
    CASE
      WHEN temperature < 33.0 THEN 20
      WHEN temperature < 33.5 THEN 16
      WHEN temperature < 34.0 THEN 13
      WHEN temperature < 35.0 THEN 8
      WHEN temperature < 36.0 THEN 2
      WHEN temperature < 40.0 THEN 0
      WHEN temperature >= 40.0 THEN 4
    END AS temp_score,
    ABS(resp_rate - 19) AS resp_rate_distance,
    CASE
      WHEN ventilated = 1 AND resp_rate < 14 THEN 0
      WHEN resp_rate < 6 THEN 17
      WHEN resp_rate < 12 THEN 8
      WHEN resp_rate < 14 THEN 7
      WHEN resp_rate < 25 THEN 0
      WHEN resp_rate < 35 THEN 6
      WHEN resp_rate < 40 THEN 9
      WHEN resp_rate < 50 THEN 11
      WHEN resp_rate >= 50 THEN 18
    END AS resp_rate_score,
    ABS(hematocrit - 45.5) AS hematocrit_distance,
    CASE
      WHEN hematocrit < 41.0 THEN 3
      WHEN hematocrit < 50.0 THEN 0
      WHEN hematocrit >= 50.0 THEN 3
    END AS hematocrit_score,
    ABS(wbc - 11.5) AS wbc_distance,
    CASE
      WHEN wbc < 1.0 THEN 19
      WHEN wbc < 3.0 THEN 5
      WHEN wbc < 20.0 THEN 0
      WHEN wbc < 25.0 THEN 1
      WHEN wbc >= 25.0 THEN 5
    END AS wbc_score,
    ABS(creatinine - 1) AS creatinine_distance,
    CASE
      WHEN arf = 1 AND creatinine < 1.5 THEN 0
      WHEN arf = 1 AND creatinine >= 1.5 THEN 10
      WHEN creatinine < 0.5 THEN 3
      WHEN creatinine < 1.5 THEN 0
      WHEN creatinine < 1.95 THEN 4
      WHEN creatinine >= 1.95 THEN 7
    END AS creatinine_score,
    CASE
      WHEN bun < 17.0 THEN 0
      WHEN bun < 20.0 THEN 2
      WHEN bun < 40.0 THEN 7
      WHEN bun < 80.0 THEN 11
      WHEN bun >= 80.0 THEN 12
    END AS bun_score,
    ABS(sodium - 145.5) AS sodium_distance,
    CASE
      WHEN sodium < 120 THEN 3
      WHEN sodium < 135 THEN 2
      WHEN sodium < 155 THEN 0
      WHEN sodium >= 155 THEN 4
    END AS sodium_score,
    ABS(albumin - 3.5) AS albumin_distance,
    CASE
      WHEN albumin < 2.0 THEN 11
      WHEN albumin < 2.5 THEN 6
      WHEN albumin < 4.5 THEN 0
      WHEN albumin >= 4.5 THEN 4
    END AS albumin_score,
    CASE
      WHEN bilirubin < 2.0 THEN 0
      WHEN bilirubin < 3.0 THEN 5
      WHEN bilirubin < 5.0 THEN 6
      WHEN bilirubin < 8.0 THEN 8
      WHEN bilirubin >= 8.0 THEN 16
    END AS bilirubin_score,
    ABS(glucose - 130) AS glucose_distance,
    CASE
      WHEN glucose < 40 THEN 8
      WHEN glucose < 60 THEN 9
      WHEN glucose < 200 THEN 0
      WHEN glucose < 350 THEN 3
      WHEN glucose >= 350 THEN 5
    END AS glucose_score
  FROM extremes
),

-- the extreme further from normal counts, of equally distant ones the higher score
scores AS (
  SELECT
    measurements.stay_id,
    CASE
      WHEN highest.hr_distance > lowest.hr_distance THEN highest.hr_score
      WHEN highest.hr_distance < lowest.hr_distance THEN lowest.hr_score
      ELSE GREATEST(highest.hr_score, lowest.hr_score)
    END AS hr_score,
    CASE
      WHEN highest.mbp_distance > lowest.mbp_distance THEN highest.mbp_score
      WHEN highest.mbp_distance < lowest.mbp_distance THEN lowest.mbp_score
      ELSE GREATEST(highest.mbp_score, lowest.mbp_score)
    END AS mbp_score,
    CASE
      WHEN highest.temp_distance > lowest.temp_distance THEN highest.temp_score
      WHEN highest.temp_distance < lowest.temp_distance THEN lowest.temp_score
      ELSE GREATEST(highest.temp_score, lowest.temp_score)
    END AS temp_score,
    CASE
      WHEN highest.resp_rate_distance > lowest.resp_rate_distance THEN highest.resp_rate_score
      WHEN highest.resp_rate_distance < lowest.resp_rate_distance THEN lowest.resp_rate_score
      ELSE GREATEST(highest.resp_rate_score, lowest.resp_rate_score)
    END AS resp_rate_score,
    CASE
      WHEN measurements.pao2 < 50 THEN 15
      WHEN measurements.pao2 < 70 THEN 5
      WHEN measurements.pao2 < 80 THEN 2
      WHEN measurements.pao2 >= 80 THEN 0
      WHEN measurements.aado2 < 100 THEN 0
      WHEN measurements.aado2 < 250 THEN 7
      WHEN measurements.aado2 < 350 THEN 9
      WHEN measurements.aado2 < 500 THEN 11
      WHEN measurements.aado2 >= 500 THEN 14
    END AS pao2_aado2_score,
    CASE
      WHEN highest.hematocrit_distance > lowest.hematocrit_distance THEN highest.hematocrit_score
      WHEN highest.hematocrit_distance < lowest.hematocrit_distance THEN lowest.hematocrit_score
      ELSE GREATEST(highest.hematocrit_score, lowest.hematocrit_score)
    END AS hematocrit_score,
    CASE
      WHEN highest.wbc_distance > lowest.wbc_distance THEN highest.wbc_score
      WHEN highest.wbc_distance < lowest.wbc_distance THEN lowest.wbc_score
      ELSE GREATEST(highest.wbc_score, lowest.wbc_score)
    END AS wbc_score,
    CASE
      WHEN measurements.arf = 1 THEN highest.creatinine_score
      WHEN highest.creatinine_distance > lowest.creatinine_distance THEN highest.creatinine_score
      WHEN highest.creatinine_distance < lowest.creatinine_distance THEN lowest.creatinine_score
      ELSE GREATEST(highest.creatinine_score, lowest.creatinine_score)
    END AS creatinine_score,
    CASE
      WHEN measurements.urineoutput < 400 THEN 15
      WHEN measurements.urineoutput < 600 THEN 8
      WHEN measurements.urineoutput < 900 THEN 7
      WHEN measurements.urineoutput < 1500 THEN 5
      WHEN measurements.urineoutput < 2000 THEN 4
      WHEN measurements.urineoutput < 4000 THEN 0
      WHEN measurements.urineoutput >= 4000 THEN 1
    END AS uo_score,
    highest.bun_score,
    CASE
      WHEN highest.sodium_distance > lowest.sodium_distance THEN highest.sodium_score
      WHEN highest.sodium_distance < lowest.sodium_distance THEN lowest.sodium_score
      ELSE GREATEST(highest.sodium_score, lowest.sodium_score)
    END AS sodium_score,
    CASE
      WHEN highest.albumin_distance > lowest.albumin_distance THEN highest.albumin_score
      WHEN highest.albumin_distance < lowest.albumin_distance THEN lowest.albumin_score
      ELSE GREATEST(highest.albumin_score, lowest.albumin_score)
    END AS albumin_score,
    highest.bilirubin_score,
    CASE
      WHEN highest.glucose_distance > lowest.glucose_distance THEN highest.glucose_score
      WHEN highest.glucose_distance < lowest.glucose_distance THEN lowest.glucose_score
      ELSE GREATEST(highest.glucose_score, lowest.glucose_score)
    END AS glucose_score,
    measurements.acidbase_score,
    CASE
      WHEN measurements.gcs_unable = 1 THEN 0
      WHEN measurements.gcs_eyes = 1 AND measurements.gcs_verbal = 1 AND measurements.gcs_motor IN (1, 2) THEN 48
      WHEN measurements.gcs_eyes = 1 AND measurements.gcs_verbal = 1 AND measurements.gcs_motor IN (3, 4) THEN 33
      WHEN measurements.gcs_eyes = 1 AND measurements.gcs_verbal = 1 AND measurements.gcs_motor IN (5, 6) THEN 16
      WHEN measurements.gcs_eyes = 1 AND measurements.gcs_verbal IN (2, 3) AND measurements.gcs_motor IN (1, 2) THEN 29
      WHEN measurements.gcs_eyes = 1 AND measurements.gcs_verbal IN (2, 3) AND measurements.gcs_motor IN (3, 4) THEN 24
      WHEN measurements.gcs_eyes > 1 AND measurements.gcs_verbal = 1 AND measurements.gcs_motor IN (1, 2) THEN 29
      WHEN measurements.gcs_eyes > 1 AND measurements.gcs_verbal = 1 AND measurements.gcs_motor IN (3, 4) THEN 24
      WHEN measurements.gcs_eyes > 1 AND measurements.gcs_verbal = 1 AND measurements.gcs_motor IN (5, 6) THEN 15
      WHEN measurements.gcs_eyes > 1 AND measurements.gcs_verbal IN (2, 3) AND measurements.gcs_motor IN (1, 2) THEN 29
      WHEN measurements.gcs_eyes > 1 AND measurements.gcs_verbal IN (2, 3) AND measurements.gcs_motor IN (3, 4) THEN 24
      WHEN measurements.gcs_eyes > 1 AND measurements.gcs_verbal IN (2, 3) AND measurements.gcs_motor = 5 THEN 13
      WHEN measurements.gcs_eyes > 1 AND measurements.gcs_verbal IN (2, 3) AND measurements.gcs_motor = 6 THEN 10
      WHEN measurements.gcs_eyes > 1 AND measurements.gcs_verbal = 4 AND measurements.gcs_motor IN (1, 2, 3, 4) THEN 13
      WHEN measurements.gcs_eyes > 1 AND measurements.gcs_verbal = 4 AND measurements.gcs_motor = 5 THEN 8
      WHEN measurements.gcs_eyes > 1 AND measurements.gcs_verbal = 4 AND measurements.gcs_motor = 6 THEN 3
      WHEN measurements.gcs_eyes > 1 AND measurements.gcs_verbal = 5 AND measurements.gcs_motor IN (1, 2, 3, 4, 5)
        THEN 3
      WHEN measurements.gcs_eyes > 1 AND measurements.gcs_verbal = 5 AND measurements.gcs_motor = 6 THEN 0
    END AS gcs_score
  FROM measurements
  INNER JOIN extreme_scores AS highest
    ON highest.stay_id = measurements.stay_id
    AND highest.extreme = 'highest'
  INNER JOIN extreme_scores AS lowest
    ON lowest.stay_id = measurements.stay_id
    AND lowest.extreme = 'lowest'
),

totals AS (
  SELECT
    *,
    COALESCE(hr_score, 0)
    + COALESCE(mbp_score, 0)
    + COALESCE(temp_score, 0)
    + COALESCE(resp_rate_score, 0)
    + COALESCE(pao2_aado2_score, 0)
    + COALESCE(hematocrit_score, 0)
    + COALESCE(wbc_score, 0)
    + COALESCE(creatinine_score, 0)
    + COALESCE(uo_score, 0)
    + COALESCE(bun_score, 0)
    + COALESCE(sodium_score, 0)
    + COALESCE(albumin_score, 0)
    + COALESCE(bilirubin_score, 0)
    + COALESCE(glucose_score, 0)
    + COALESCE(acidbase_score, 0)
    + COALESCE(gcs_score, 0)
    AS apsiii
  FROM scores
)

SELECT
  icustays.subject_id,
  icustays.hadm_id,
  icustays.stay_id,
  totals.apsiii,
  1 / (1 + EXP(-(-4.4360 + 0.04726 * totals.apsiii))) AS apsiii_prob,
  totals.hr_score,
  totals.mbp_score,
  totals.temp_score,
  totals.resp_rate_score,
  totals.pao2_aado2_score,
  totals.hematocrit_score,
  totals.wbc_score,
  totals.creatinine_score,
  totals.uo_score,
  totals.bun_score,
  totals.sodium_score,
  totals.albumin_score,
  totals.bilirubin_score,
  totals.glucose_score,
  totals.acidbase_score,
  totals.gcs_score
FROM `physionet-data.mimiciv_icu.icustays` AS icustays
LEFT JOIN totals
  ON totals.stay_id = icustays.stay_id
