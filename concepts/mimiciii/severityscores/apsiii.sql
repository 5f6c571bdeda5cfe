-- Acute Physiology Score III (APS III) of the first day of each ICU stay, with a probability of death.
WITH chronic_kidney_disease AS (
  SELECT
    hadm_id,
    MAX(CASE WHEN icd9_code IN ('5854', '5855', '5856') THEN 1 ELSE 0 END) AS stage_4_or_more
  FROM `physionet-data.mimiciii_clinical.diagnoses_icd`
  GROUP BY hadm_id
),

arterial_gases AS (
  SELECT
    gases.icustay_id,
    gases.po2,
    gases.pco2,
    gases.ph,
    gases.aado2,
    COALESCE(gases.fio2, gases.fio2_chartevents) AS fio2,
    ventilations.icustay_id IS NOT NULL AS ventilated
  FROM `physionet-data.mimiciii_derived.blood_gas_first_day_arterial` AS gases
  LEFT JOIN `physionet-data.mimiciii_derived.ventilation_durations` AS ventilations
    ON ventilations.icustay_id = gases.icustay_id
    AND ventilations.starttime <= gases.charttime
    AND ventilations.endtime >= gases.charttime
),

gas_values AS (
  SELECT
    icustay_id,
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
  GROUP BY icustay_id
),

-- stays of a known admission and patient
measurements AS (
  SELECT
    icustays.icustay_id,
    gas_values.pao2,
    gas_values.aado2,
    gas_values.acidbase_score,
    ventilation.vent AS ventilated,
    -- acute renal failure
    CASE
      WHEN labs.creatinine_max >= 1.5
        AND urine_output.urineoutput < 410
        AND chronic_kidney_disease.stage_4_or_more = 0
        THEN 1
      ELSE 0
    END AS arf,
    urine_output.urineoutput,
    CASE
      WHEN gcs.endotrachflag = 1 THEN 0
      WHEN gcs.gcseyes = 1 AND gcs.gcsverbal = 1 AND gcs.gcsmotor IN (1, 2) THEN 48
      WHEN gcs.gcseyes = 1 AND gcs.gcsverbal = 1 AND gcs.gcsmotor IN (3, 4) THEN 33
      WHEN gcs.gcseyes = 1 AND gcs.gcsverbal = 1 AND gcs.gcsmotor IN (5, 6) THEN 16
      WHEN gcs.gcseyes = 1 AND gcs.gcsverbal IN (2, 3) AND gcs.gcsmotor IN (1, 2) THEN 29
      WHEN gcs.gcseyes = 1 AND gcs.gcsverbal IN (2, 3) AND gcs.gcsmotor IN (3, 4) THEN 24
      WHEN gcs.gcseyes > 1 AND gcs.gcsverbal = 1 AND gcs.gcsmotor IN (1, 2) THEN 29
      WHEN gcs.gcseyes > 1 AND gcs.gcsverbal = 1 AND gcs.gcsmotor IN (3, 4) THEN 24
      WHEN gcs.gcseyes > 1 AND gcs.gcsverbal = 1 AND gcs.gcsmotor IN (5, 6) THEN 15
      WHEN gcs.gcseyes > 1 AND gcs.gcsverbal IN (2, 3) AND gcs.gcsmotor IN (1, 2) THEN 29
      WHEN gcs.gcseyes > 1 AND gcs.gcsverbal IN (2, 3) AND gcs.gcsmotor IN (3, 4) THEN 24
      WHEN gcs.gcseyes > 1 AND gcs.gcsverbal IN (2, 3) AND gcs.gcsmotor = 5 THEN 13
      WHEN gcs.gcseyes > 1 AND gcs.gcsverbal IN (2, 3) AND gcs.gcsmotor = 6 THEN 10
      WHEN gcs.gcseyes > 1 AND gcs.gcsverbal = 4 AND gcs.gcsmotor IN (1, 2, 3, 4) THEN 13
      WHEN gcs.gcseyes > 1 AND gcs.gcsverbal = 4 AND gcs.gcsmotor = 5 THEN 8
      WHEN gcs.gcseyes > 1 AND gcs.gcsverbal = 4 AND gcs.gcsmotor = 6 THEN 3
      WHEN gcs.gcseyes > 1 AND gcs.gcsverbal = 5 AND gcs.gcsmotor IN (1, 2, 3, 4, 5) THEN 3
      WHEN gcs.gcseyes > 1 AND gcs.gcsverbal = 5 AND gcs.gcsmotor = 6 THEN 0
    END AS gcs_score,
    vitals.heartrate_min,
    vitals.heartrate_max,
    vitals.meanbp_min,
    vitals.meanbp_max,
    vitals.tempc_min,
    vitals.tempc_max,
    vitals.resprate_min,
    vitals.resprate_max,
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
    labs.bilirubin_min,
    labs.bilirubin_max,
    -- of the laboratory and the bedside, whichever is known
    LEAST(
      COALESCE(labs.glucose_min, vitals.glucose_min),
      COALESCE(vitals.glucose_min, labs.glucose_min)
    ) AS glucose_min,
    GREATEST(
      COALESCE(labs.glucose_max, vitals.glucose_max),
      COALESCE(vitals.glucose_max, labs.glucose_max)
    ) AS glucose_max
  FROM `physionet-data.mimiciii_clinical.icustays` AS icustays
  INNER JOIN `physionet-data.mimiciii_clinical.admissions` AS admissions
    ON admissions.hadm_id = icustays.hadm_id
  INNER JOIN `physionet-data.mimiciii_clinical.patients` AS patients
    ON patients.subject_id = icustays.subject_id
  LEFT JOIN chronic_kidney_disease
    ON chronic_kidney_disease.hadm_id = icustays.hadm_id
  LEFT JOIN gas_values
    ON gas_values.icustay_id = icustays.icustay_id
  LEFT JOIN `physionet-data.mimiciii_derived.gcs_first_day` AS gcs
    ON gcs.icustay_id = icustays.icustay_id
  LEFT JOIN `physionet-data.mimiciii_derived.vitals_first_day` AS vitals
    ON vitals.icustay_id = icustays.icustay_id
  LEFT JOIN `physionet-data.mimiciii_derived.urine_output_first_day` AS urine_output
    ON urine_output.icustay_id = icustays.icustay_id
  LEFT JOIN `physionet-data.mimiciii_derived.ventilation_first_day` AS ventilation
    ON ventilation.icustay_id = icustays.icustay_id
  LEFT JOIN `physionet-data.mimiciii_derived.labs_first_day` AS labs
    ON labs.icustay_id = icustays.icustay_id
),

-- two rows per stay, so that one scoring table serves both extremes
extremes AS (
  SELECT
    icustay_id,
    'lowest' AS extreme,
    ventilated,
    arf,
    heartrate_min AS heartrate,
    meanbp_min AS meanbp,
    tempc_min AS tempc,
    resprate_min AS resprate,
    hematocrit_min AS hematocrit,
    wbc_min AS wbc,
    creatinine_min AS creatinine,
    bun_min AS bun,
    sodium_min AS sodium,
    albumin_min AS albumin,
    bilirubin_min AS bilirubin,
    glucose_min AS glucose
  FROM measurements

  UNION ALL

  SELECT
    icustay_id,
    'highest' AS extreme,
    ventilated,
    arf,
    heartrate_max AS heartrate,
    meanbp_max AS meanbp,
    tempc_max AS tempc,
    resprate_max AS resprate,
    hematocrit_max AS hematocrit,
    wbc_max AS wbc,
    creatinine_max AS creatinine,
    bun_max AS bun,
    sodium_max AS sodium,
    albumin_max AS albumin,
    bilirubin_max AS bilirubin,
    glucose_max AS glucose
  FROM measurements
),

-- the score of each extreme, and for most variables its distance from normal
extreme_scores AS (
  SELECT
    icustay_id,
    extreme,
    ABS(heartrate - 75) AS hr_distance,
    CASE
      WHEN heartrate < 40 THEN 8
      WHEN heartrate < 50 THEN 5
      WHEN heartrate < 100 THEN 0
      WHEN heartrate < 110 THEN 1
      WHEN heartrate < 120 THEN 5
      WHEN heartrate < 140 THEN 7
      WHEN heartrate < 155 THEN 13
      WHEN heartrate >= 155 THEN 17
    END AS hr_score,
    ABS(meanbp - 90) AS meanbp_distance,
    CASE
      WHEN meanbp < 40 THEN 23
      WHEN meanbp < 60 THEN 15
      WHEN meanbp < 70 THEN 7
      WHEN meanbp < 80 THEN 6
      WHEN meanbp < 100 THEN 0
      WHEN meanbp < 120 THEN 4
      WHEN meanbp < 130 THEN 7
      WHEN meanbp < 140 THEN 9
      WHEN meanbp >= 140 THEN 10
    END AS meanbp_score,
    ABS(tempc - 38) AS temp_distance,
    CASE
      WHEN tempc < 33.0 THEN 20
      WHEN tempc < 33.5 THEN 16
      WHEN tempc < 34.0 THEN 13
      WHEN tempc < 35.0 THEN 8
      WHEN tempc < 36.0 THEN 2
      WHEN tempc < 40.0 THEN 0
      WHEN tempc >= 40.0 THEN 4
    END AS temp_score,
    ABS(resprate - 19) AS resprate_distance,
    CASE
      WHEN ventilated = 1 AND resprate < 14 THEN 0
      WHEN resprate < 6 THEN 17
      WHEN resprate < 12 THEN 8
      WHEN resprate < 14 THEN 7
      WHEN resprate < 25 THEN 0
      WHEN resprate < 35 THEN 6
      WHEN resprate < 40 THEN 9
      WHEN resprate < 50 THEN 11
      WHEN resprate >= 50 THEN 18
    END AS resprate_score,
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
    measurements.icustay_id,
    CASE
      WHEN highest.hr_distance > lowest.hr_distance THEN highest.hr_score
      WHEN highest.hr_distance < lowest.hr_distance THEN lowest.hr_score
      ELSE GREATEST(highest.hr_score, lowest.hr_score)
    END AS hr_score,
    CASE
      WHEN highest.meanbp_distance > lowest.meanbp_distance THEN highest.meanbp_score
      WHEN highest.meanbp_distance < lowest.meanbp_distance THEN lowest.meanbp_score
      ELSE GREATEST(highest.meanbp_score, lowest.meanbp_score)
    END AS meanbp_score,
    CASE
      WHEN highest.temp_distance > lowest.temp_distance THEN highest.temp_score
      WHEN highest.temp_distance < lowest.temp_distance THEN lowest.temp_score
      ELSE GREATEST(highest.temp_score, lowest.temp_score)
    END AS temp_score,
    CASE
      WHEN highest.resprate_distance > lowest.resprate_distance THEN highest.resprate_score
      WHEN highest.resprate_distance < lowest.resprate_distance THEN lowest.resprate_score
      ELSE GREATEST(highest.resprate_score, lowest.resprate_score)
    END AS resprate_score,
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
    measurements.gcs_score
  FROM measurements
  INNER JOIN extreme_scores AS highest
    ON highest.icustay_id = measurements.icustay_id
    AND highest.extreme = 'highest'
  INNER JOIN extreme_scores AS lowest
    ON lowest.icustay_id = measurements.icustay_id
    AND lowest.extreme = 'lowest'
),

totals AS (
  SELECT
    *,
    COALESCE(hr_score, 0)
    + COALESCE(meanbp_score, 0)
    + COALESCE(temp_score, 0)
    + COALESCE(resprate_score, 0)
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
  icustays.icustay_id,
  totals.apsiii,
  1 / (1 + EXP(-(-4.4360 + 0.04726 * totals.apsiii))) AS apsiii_prob,
  totals.hr_score,
  totals.meanbp_score,
  totals.temp_score,
  totals.resprate_score,
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
FROM `physionet-data.mimiciii_clinical.icustays` AS icustays
LEFT JOIN totals
  ON totals.icustay_id = icustays.icustay_id
