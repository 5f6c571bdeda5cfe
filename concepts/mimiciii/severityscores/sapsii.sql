-- Simplified Acute Physiology Score II (SAPS II) of the first day of each ICU stay, with a probability of death.
WITH cpap_periods AS (
  SELECT
    icustays.icustay_id,
    DATETIME_SUB(MIN(chartevents.charttime), INTERVAL 1 HOUR) AS starttime,
    DATETIME_ADD(MAX(chartevents.charttime), INTERVAL 4 HOUR) AS endtime
  FROM `physionet-data.mimiciii_clinical.icustays` AS icustays
  INNER JOIN `physionet-data.mimiciii_clinical.chartevents` AS chartevents
    ON chartevents.icustay_id = icustays.icustay_id
    AND chartevents.charttime >= icustays.intime
    AND chartevents.charttime <= DATETIME_ADD(icustays.intime, INTERVAL 1 DAY)
  WHERE chartevents.itemid IN (
      467,   -- O2 delivery device
      469,   -- O2 delivery mode
      226732 -- O2 Delivery Device(s)
    )
    AND (LOWER(chartevents.value) LIKE '%cpap%' OR LOWER(chartevents.value) LIKE '%bipap mask%')
    AND (chartevents.error IS NULL OR chartevents.error = 0)
  GROUP BY icustays.icustay_id
),

-- arterial blood gases under mechanical ventilation or CPAP
ventilated_gases AS (
  SELECT
    gases.icustay_id,
    MIN(gases.PaO2FiO2) AS pf_vent_min
  FROM `physionet-data.mimiciii_derived.blood_gas_first_day_arterial` AS gases
  LEFT JOIN `physionet-data.mimiciii_derived.ventilation_durations` AS ventilations
    ON ventilations.icustay_id = gases.icustay_id
    AND ventilations.starttime <= gases.charttime
    AND ventilations.endtime >= gases.charttime
  LEFT JOIN cpap_periods
    ON cpap_periods.icustay_id = gases.icustay_id
    AND cpap_periods.starttime <= gases.charttime
    AND cpap_periods.endtime >= gases.charttime
  WHERE ventilations.icustay_id IS NOT NULL
    OR cpap_periods.icustay_id IS NOT NULL
  GROUP BY gases.icustay_id
),

numbered_services AS (
  SELECT
    hadm_id,
    CASE WHEN LOWER(curr_service) LIKE '%surg%' THEN 1 ELSE 0 END AS surgical,
    ROW_NUMBER() OVER (PARTITION BY hadm_id ORDER BY transfertime, curr_service, row_id) AS service_number
  FROM `physionet-data.mimiciii_clinical.services`
),

comorbidities AS (
  SELECT
    hadm_id,
    MAX(CASE WHEN SUBSTR(icd9_code, 1, 3) BETWEEN '042' AND '044' THEN 1 ELSE 0 END) AS aids,
    MAX(CASE
      WHEN icd9_code BETWEEN '20000' AND '20238'
        OR icd9_code BETWEEN '20240' AND '20248'
        OR icd9_code BETWEEN '20250' AND '20302'
        OR icd9_code BETWEEN '20310' AND '20312'
        OR icd9_code BETWEEN '20302' AND '20382'
        OR icd9_code BETWEEN '20400' AND '20522'
        OR icd9_code BETWEEN '20580' AND '20702'
        OR icd9_code BETWEEN '20720' AND '20892'
        OR SUBSTR(icd9_code, 1, 4) IN ('2386', '2733')
        THEN 1
      ELSE 0
    END) AS hematologic_malignancy,
    MAX(CASE
      WHEN SUBSTR(icd9_code, 1, 4) BETWEEN '1960' AND '1991'
        OR icd9_code BETWEEN '20970' AND '20975'
        OR icd9_code IN ('20979', '78951')
        THEN 1
      ELSE 0
    END) AS metastatic_cancer
  FROM `physionet-data.mimiciii_clinical.diagnoses_icd`
  GROUP BY hadm_id
),

-- stays of a known admission and patient
measurements AS (
  SELECT
    icustays.icustay_id,
    -- in calendar years: birthdays play no part
    DATETIME_DIFF(icustays.intime, patients.dob, YEAR) AS age,
    vitals.heartrate_min,
    vitals.heartrate_max,
    vitals.sysbp_min,
    vitals.sysbp_max,
    vitals.tempc_min,
    vitals.tempc_max,
    ventilated_gases.pf_vent_min,
    urine_output.urineoutput,
    labs.bun_max,
    labs.wbc_min,
    labs.wbc_max,
    labs.potassium_min,
    labs.potassium_max,
    labs.sodium_min,
    labs.sodium_max,
    labs.bicarbonate_min,
    labs.bilirubin_max,
    gcs.mingcs,
    comorbidities.aids,
    comorbidities.hematologic_malignancy,
    comorbidities.metastatic_cancer,
    admissions.admission_type,
    first_services.surgical
  FROM `physionet-data.mimiciii_clinical.icustays` AS icustays
  INNER JOIN `physionet-data.mimiciii_clinical.admissions` AS admissions
    ON admissions.hadm_id = icustays.hadm_id
  INNER JOIN `physionet-data.mimiciii_clinical.patients` AS patients
    ON patients.subject_id = icustays.subject_id
  LEFT JOIN ventilated_gases
    ON ventilated_gases.icustay_id = icustays.icustay_id
  LEFT JOIN numbered_services AS first_services
    ON first_services.hadm_id = icustays.hadm_id
    AND first_services.service_number = 1
  LEFT JOIN comorbidities
    ON comorbidities.hadm_id = icustays.hadm_id
  LEFT JOIN `physionet-data.mimiciii_derived.gcs_first_day` AS gcs
    ON gcs.icustay_id = icustays.icustay_id
  LEFT JOIN `physionet-data.mimiciii_derived.vitals_first_day` AS vitals
    ON vitals.icustay_id = icustays.icustay_id
  LEFT JOIN `physionet-data.mimiciii_derived.urine_output_first_day` AS urine_output
    ON urine_output.icustay_id = icustays.icustay_id
  LEFT JOIN `physionet-data.mimiciii_derived.labs_first_day` AS labs
    ON labs.icustay_id = icustays.icustay_id
),

scores AS (
  SELECT
    icustay_id,
    CASE
      WHEN age < 40 THEN 0
      WHEN age < 60 THEN 7
      WHEN age < 70 THEN 12
      WHEN age < 75 THEN 15
      WHEN age < 80 THEN 16
      WHEN age >= 80 THEN 18
    END AS age_score,
    CASE
      WHEN heartrate_min < 40 THEN 11
      WHEN heartrate_max >= 160 THEN 7
      WHEN heartrate_max >= 120 THEN 4
      WHEN heartrate_min < 70 THEN 2
      WHEN heartrate_min >= 70 AND heartrate_max < 120 THEN 0
    END AS hr_score,
    CASE
      WHEN sysbp_min < 70 THEN 13
      WHEN sysbp_min < 100 THEN 5
      WHEN sysbp_max >= 200 THEN 2
      WHEN sysbp_min >= 100 AND sysbp_max < 200 THEN 0
    END AS sysbp_score,
    CASE
      WHEN tempc_max >= 39.0 THEN 3
      WHEN tempc_min < 39.0 THEN 0
    END AS temp_score,
    CASE
      WHEN pf_vent_min < 100 THEN 11
      WHEN pf_vent_min < 200 THEN 9
      WHEN pf_vent_min >= 200 THEN 6
    END AS pao2fio2_score,
    CASE
      WHEN urineoutput < 500.0 THEN 11
      WHEN urineoutput < 1000.0 THEN 4
      WHEN urineoutput >= 1000.0 THEN 0
    END AS uo_score,
    CASE
      WHEN bun_max < 28.0 THEN 0
      WHEN bun_max < 84.0 THEN 6
      WHEN bun_max >= 84.0 THEN 10
    END AS bun_score,
    CASE
      WHEN wbc_min < 1.0 THEN 12
      WHEN wbc_max >= 20.0 THEN 3
      WHEN wbc_min >= 1.0 AND wbc_max < 20.0 THEN 0
    END AS wbc_score,
    CASE
      WHEN potassium_min < 3.0 THEN 3
      WHEN potassium_max >= 5.0 THEN 3
      WHEN potassium_min >= 3.0 AND potassium_max < 5.0 THEN 0
    END AS potassium_score,
    CASE
      WHEN sodium_min < 125 THEN 5
      WHEN sodium_max >= 145 THEN 1
      WHEN sodium_min >= 125 AND sodium_max < 145 THEN 0
    END AS sodium_score,
    CASE
      WHEN bicarbonate_min < 15.0 THEN 6
      WHEN bicarbonate_min < 20.0 THEN 3
      WHEN bicarbonate_min >= 20.0 THEN 0
    END AS bicarbonate_score,
    CASE
      WHEN bilirubin_max < 4.0 THEN 0
      WHEN bilirubin_max < 6.0 THEN 4
      WHEN bilirubin_max >= 6.0 THEN 9
    END AS bilirubin_score,
    CASE
      WHEN mingcs < 3 THEN NULL
      WHEN mingcs < 6 THEN 26
      WHEN mingcs < 9 THEN 13
      WHEN mingcs < 11 THEN 7
      WHEN mingcs < 14 THEN 5
      WHEN mingcs >= 14 AND mingcs <= 15 THEN 0
    END AS gcs_score,
    CASE
      WHEN aids = 1 THEN 17
      WHEN hematologic_malignancy = 1 THEN 10
      WHEN metastatic_cancer = 1 THEN 9
      ELSE 0
    END AS comorbidity_score,
    CASE
      WHEN admission_type = 'ELECTIVE' AND surgical = 1 THEN 0 -- scheduled surgery
      WHEN admission_type <> 'ELECTIVE' AND surgical = 1 THEN 8 -- unscheduled surgery
      ELSE 6 -- medical
    END AS admissiontype_score
  FROM measurements
),

totals AS (
  SELECT
    *,
    COALESCE(age_score, 0)
    + COALESCE(hr_score, 0)
    + COALESCE(sysbp_score, 0)
    + COALESCE(temp_score, 0)
    + COALESCE(pao2fio2_score, 0)
    + COALESCE(uo_score, 0)
    + COALESCE(bun_score, 0)
    + COALESCE(wbc_score, 0)
    + COALESCE(potassium_score, 0)
    + COALESCE(sodium_score, 0)
    + COALESCE(bicarbonate_score, 0)
    + COALESCE(bilirubin_score, 0)
    + COALESCE(gcs_score, 0)
    + COALESCE(comorbidity_score, 0)
    + COALESCE(admissiontype_score, 0)
    AS sapsii
  FROM scores
)

SELECT
  icustays.subject_id,
  icustays.hadm_id,
  icustays.icustay_id,
  totals.sapsii,
  1 / (1 + EXP(-(-7.7631 + 0.0737 * totals.sapsii + 0.9971 * LN(totals.sapsii + 1)))) AS sapsii_prob,
  totals.age_score,
  totals.hr_score,
  totals.sysbp_score,
  totals.temp_score,
  totals.pao2fio2_score,
  totals.uo_score,
  totals.bun_score,
  totals.wbc_score,
  totals.potassium_score,
  totals.sodium_score,
  totals.bicarbonate_score,
  totals.bilirubin_score,
  totals.gcs_score,
  totals.comorbidity_score,
  totals.admissiontype_score
FROM `physionet-data.mimiciii_clinical.icustays` AS icustays
LEFT JOIN totals
  ON totals.icustay_id = icustays.icustay_id
