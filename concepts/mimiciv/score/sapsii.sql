-- Simplified Acute Physiology Score II (SAPS II) of the first 24 hours of each ICU stay, with a probability of death.
WITH first_days AS (
  SELECT
    subject_id,
    hadm_id,
    stay_id,
    intime AS starttime,
    DATETIME_ADD(intime, INTERVAL 24 HOUR) AS endtime
  FROM `physionet-data.mimiciv_icu.icustays`
),

lowest_gcs AS (
  SELECT
    first_days.stay_id,
    MIN(gcs.gcs) AS gcs_min
  FROM first_days
  INNER JOIN `physionet-data.mimiciv_derived.gcs` AS gcs
    ON gcs.stay_id = first_days.stay_id
    AND gcs.charttime > first_days.starttime
    AND gcs.charttime <= first_days.endtime
  GROUP BY first_days.stay_id
),

-- by patient, as in the published table, and so are the laboratory values
vitalsigns AS (
  SELECT
    first_days.stay_id,
    MIN(vitalsign.heart_rate) AS heart_rate_min,
    MAX(vitalsign.heart_rate) AS heart_rate_max,
    MIN(vitalsign.sbp) AS sbp_min,
    MAX(vitalsign.sbp) AS sbp_max,
    MIN(vitalsign.temperature) AS temperature_min,
    MAX(vitalsign.temperature) AS temperature_max
  FROM first_days
  INNER JOIN `physionet-data.mimiciv_derived.vitalsign` AS vitalsign
    ON vitalsign.subject_id = first_days.subject_id
    AND vitalsign.charttime > first_days.starttime
    AND vitalsign.charttime <= first_days.endtime
  GROUP BY first_days.stay_id
),

urine AS (
  SELECT
    first_days.stay_id,
    SUM(urine_output.urineoutput) AS urineoutput
  FROM first_days
  INNER JOIN `physionet-data.mimiciv_derived.urine_output` AS urine_output
    ON urine_output.stay_id = first_days.stay_id
    AND urine_output.charttime > first_days.starttime
    AND urine_output.charttime <= first_days.endtime
  GROUP BY first_days.stay_id
),

chemistry_extremes AS (
  SELECT
    first_days.stay_id,
    MAX(chemistry.bun) AS bun_max,
    MIN(chemistry.potassium) AS potassium_min,
    MAX(chemistry.potassium) AS potassium_max,
    MIN(chemistry.sodium) AS sodium_min,
    MAX(chemistry.sodium) AS sodium_max,
    MIN(chemistry.bicarbonate) AS bicarbonate_min
  FROM first_days
  INNER JOIN `physionet-data.mimiciv_derived.chemistry` AS chemistry
    ON chemistry.subject_id = first_days.subject_id
    AND chemistry.charttime > first_days.starttime
    AND chemistry.charttime <= first_days.endtime
  GROUP BY first_days.stay_id
),

white_cells AS (
  SELECT
    first_days.stay_id,
    MIN(complete_blood_count.wbc) AS wbc_min,
    MAX(complete_blood_count.wbc) AS wbc_max
  FROM first_days
  INNER JOIN `physionet-data.mimiciv_derived.complete_blood_count` AS complete_blood_count
    ON complete_blood_count.subject_id = first_days.subject_id
    AND complete_blood_count.charttime > first_days.starttime
    AND complete_blood_count.charttime <= first_days.endtime
  GROUP BY first_days.stay_id
),

highest_bilirubin AS (
  SELECT
    first_days.stay_id,
    MAX(enzyme.bilirubin_total) AS bilirubin_max
  FROM first_days
  INNER JOIN `physionet-data.mimiciv_derived.enzyme` AS enzyme
    ON enzyme.subject_id = first_days.subject_id
    AND enzyme.charttime > first_days.starttime
    AND enzyme.charttime <= first_days.endtime
  GROUP BY first_days.stay_id
),

cpap_periods AS (
  SELECT
    first_days.subject_id,
    first_days.stay_id,
    GREATEST(DATETIME_SUB(MIN(chartevents.charttime), INTERVAL 1 HOUR), first_days.starttime) AS starttime,
    LEAST(DATETIME_ADD(MAX(chartevents.charttime), INTERVAL 4 HOUR), first_days.endtime) AS endtime
  FROM first_days
  INNER JOIN `physionet-data.mimiciv_icu.chartevents` AS chartevents
    ON chartevents.stay_id = first_days.stay_id
    AND chartevents.charttime > first_days.starttime
    AND chartevents.charttime <= first_days.endtime
  WHERE chartevents.itemid = 226732 -- O2 Delivery Device(s)
    AND (LOWER(chartevents.value) LIKE '%cpap mask%' OR LOWER(chartevents.value) LIKE '%bipap%')
  GROUP BY
    first_days.subject_id,
    first_days.stay_id,
    first_days.starttime,
    first_days.endtime
),

-- arterial blood gases under invasive ventilation or CPAP
ventilated_gases AS (
  SELECT
    first_days.stay_id,
    MIN(bg.pao2fio2ratio) AS pao2fio2_vent_min
  FROM first_days
  INNER JOIN `physionet-data.mimiciv_derived.bg` AS bg
    ON bg.subject_id = first_days.subject_id
    AND bg.charttime > first_days.starttime
    AND bg.charttime <= first_days.endtime
    AND bg.specimen = 'ART.'
  LEFT JOIN `physionet-data.mimiciv_derived.ventilation` AS ventilation
    ON ventilation.stay_id = first_days.stay_id
    AND ventilation.starttime < bg.charttime
    AND ventilation.endtime >= bg.charttime
    AND ventilation.ventilation_status = 'InvasiveVent'
  -- by patient: the CPAP of another stay counts where its time fits
  LEFT JOIN cpap_periods
    ON cpap_periods.subject_id = first_days.subject_id
    AND cpap_periods.starttime < bg.charttime
    AND cpap_periods.endtime >= bg.charttime
  WHERE ventilation.stay_id IS NOT NULL
    OR cpap_periods.subject_id IS NOT NULL
  GROUP BY first_days.stay_id
),

numbered_services AS (
  SELECT
    hadm_id,
    CASE WHEN LOWER(curr_service) LIKE '%surg%' THEN 1 ELSE 0 END AS surgical,
    ROW_NUMBER() OVER (PARTITION BY hadm_id ORDER BY transfertime, curr_service) AS service_number
  FROM `physionet-data.mimiciv_hosp.services`
),

code_starts AS (
  SELECT
    hadm_id,
    CASE WHEN icd_version = 9 THEN SUBSTR(icd_code, 1, 3) END AS icd9_3,
    CASE WHEN icd_version = 9 THEN SUBSTR(icd_code, 1, 4) END AS icd9_4,
    CASE WHEN icd_version = 9 THEN SUBSTR(icd_code, 1, 5) END AS icd9_5,
    CASE WHEN icd_version = 10 THEN SUBSTR(icd_code, 1, 3) END AS icd10_3,
    CASE WHEN icd_version = 10 THEN SUBSTR(icd_code, 1, 4) END AS icd10_4
  FROM `physionet-data.mimiciv_hosp.diagnoses_icd`
),

comorbidities AS (
  SELECT
    hadm_id,
    MAX(CASE
      WHEN icd9_3 BETWEEN '042' AND '044'
        OR icd10_3 BETWEEN 'B20' AND 'B22'
        OR icd10_3 = 'B24'
        THEN 1
      ELSE 0
    END) AS aids,
    MAX(CASE
      WHEN icd9_5 BETWEEN '20000' AND '20238'
        OR icd9_5 BETWEEN '20240' AND '20248'
        OR icd9_5 BETWEEN '20250' AND '20302'
        OR icd9_5 BETWEEN '20310' AND '20312'
        OR icd9_5 BETWEEN '20302' AND '20382'
        OR icd9_5 BETWEEN '20400' AND '20522'
        OR icd9_5 BETWEEN '20580' AND '20702'
        OR icd9_5 BETWEEN '20720' AND '20892'
        OR icd9_4 IN ('2386', '2733')
        OR icd10_3 BETWEEN 'C81' AND 'C96'
        THEN 1
      ELSE 0
    END) AS hematologic_malignancy,
    MAX(CASE
      WHEN icd9_4 BETWEEN '1960' AND '1991'
        OR icd9_5 BETWEEN '20970' AND '20975'
        OR icd9_5 IN ('20979', '78951')
        OR icd10_3 BETWEEN 'C77' AND 'C79'
        OR icd10_4 = 'C800'
        THEN 1
      ELSE 0
    END) AS metastatic_cancer
  FROM code_starts
  GROUP BY hadm_id
),

scores AS (
  SELECT
    first_days.subject_id,
    first_days.hadm_id,
    first_days.stay_id,
    first_days.starttime,
    first_days.endtime,
    CASE
      WHEN age.age < 40 THEN 0
      WHEN age.age < 60 THEN 7
      WHEN age.age < 70 THEN 12
      WHEN age.age < 75 THEN 15
      WHEN age.age < 80 THEN 16
      WHEN age.age >= 80 THEN 18
    END AS age_score,
    CASE
      WHEN vitalsigns.heart_rate_min < 40 THEN 11
      WHEN vitalsigns.heart_rate_max >= 160 THEN 7
      WHEN vitalsigns.heart_rate_max >= 120 THEN 4
      WHEN vitalsigns.heart_rate_min < 70 THEN 2
      WHEN vitalsigns.heart_rate_min >= 70 AND vitalsigns.heart_rate_max < 120 THEN 0
    END AS hr_score,
    CASE
      WHEN vitalsigns.sbp_min < 70 THEN 13
      WHEN vitalsigns.sbp_min < 100 THEN 5
      WHEN vitalsigns.sbp_max >= 200 THEN 2
      WHEN vitalsigns.sbp_min >= 100 AND vitalsigns.sbp_max < 200 THEN 0
    END AS sysbp_score,
    CASE
      WHEN vitalsigns.temperature_max >= 39.0 THEN 3
      WHEN vitalsigns.temperature_min < 39.0 THEN 0
    END AS temp_score,
    CASE
      WHEN ventilated_gases.pao2fio2_vent_min < 100 THEN 11
      WHEN ventilated_gases.pao2fio2_vent_min < 200 THEN 9
      WHEN ventilated_gases.pao2fio2_vent_min >= 200 THEN 6
    END AS pao2fio2_score,
    CASE
      WHEN urine.urineoutput < 500.0 THEN 11
      WHEN urine.urineoutput < 1000.0 THEN 4
      WHEN urine.urineoutput >= 1000.0 THEN 0
    END AS uo_score,
    CASE
      WHEN chemistry_extremes.bun_max < 28.0 THEN 0
      WHEN chemistry_extremes.bun_max < 84.0 THEN 6
      WHEN chemistry_extremes.bun_max >= 84.0 THEN 10
    END AS bun_score,
    CASE
      WHEN white_cells.wbc_min < 1.0 THEN 12
      WHEN white_cells.wbc_max >= 20.0 THEN 3
      WHEN white_cells.wbc_min >= 1.0 AND white_cells.wbc_max < 20.0 THEN 0
    END AS wbc_score,
    CASE
      WHEN chemistry_extremes.potassium_min < 3.0 THEN 3
      WHEN chemistry_extremes.potassium_max >= 5.0 THEN 3
      WHEN chemistry_extremes.potassium_min >= 3.0 AND chemistry_extremes.potassium_max < 5.0 THEN 0
    END AS potassium_score,
    CASE
      WHEN chemistry_extremes.sodium_min < 125 THEN 5
      WHEN chemistry_extremes.sodium_max >= 145 THEN 1
      WHEN chemistry_extremes.sodium_min >= 125 AND chemistry_extremes.sodium_max < 145 THEN 0
    END AS sodium_score,
    CASE
      WHEN chemistry_extremes.bicarbonate_min < 15.0 THEN 6
      WHEN chemistry_extremes.bicarbonate_min < 20.0 THEN 3
      WHEN chemistry_extremes.bicarbonate_min >= 20.0 THEN 0
    END AS bicarbonate_score,
    CASE
      WHEN highest_bilirubin.bilirubin_max < 4.0 THEN 0
      WHEN highest_bilirubin.bilirubin_max < 6.0 THEN 4
      WHEN highest_bilirubin.bilirubin_max >= 6.0 THEN 9
    END AS bilirubin_score,
    CASE
      WHEN lowest_gcs.gcs_min < 3 THEN NULL
      WHEN lowest_gcs.gcs_min < 6 THEN 26
      WHEN lowest_gcs.gcs_min < 9 THEN 13
      WHEN lowest_gcs.gcs_min < 11 THEN 7
      WHEN lowest_gcs.gcs_min < 14 THEN 5
      WHEN lowest_gcs.gcs_min <= 15 THEN 0
    END AS gcs_score,
    CASE
      WHEN comorbidities.aids = 1 THEN 17
      WHEN comorbidities.hematologic_malignancy = 1 THEN 10
      WHEN comorbidities.metastatic_cancer = 1 THEN 9
      ELSE 0
    END AS comorbidity_score,
    CASE
      WHEN admissions.admission_type = 'ELECTIVE' AND first_services.surgical = 1 THEN 0 -- scheduled surgery
      WHEN admissions.admission_type <> 'ELECTIVE' AND first_services.surgical = 1 THEN 8 -- unscheduled surgery
      ELSE 6 -- medical
    END AS admissiontype_score
  FROM first_days
  INNER JOIN `physionet-data.mimiciv_hosp.admissions` AS admissions
    ON admissions.hadm_id = first_days.hadm_id
  LEFT JOIN `physionet-data.mimiciv_derived.age` AS age
    ON age.hadm_id = first_days.hadm_id
  LEFT JOIN numbered_services AS first_services
    ON first_services.hadm_id = first_days.hadm_id
    AND first_services.service_number = 1
  LEFT JOIN comorbidities
    ON comorbidities.hadm_id = first_days.hadm_id
  LEFT JOIN lowest_gcs
    ON lowest_gcs.stay_id = first_days.stay_id
  LEFT JOIN vitalsigns
    ON vitalsigns.stay_id = first_days.stay_id
  LEFT JOIN urine
    ON urine.stay_id = first_days.stay_id
  LEFT JOIN chemistry_extremes
    ON chemistry_extremes.stay_id = first_days.stay_id
  LEFT JOIN white_cells
    ON white_cells.stay_id = first_days.stay_id
  LEFT JOIN highest_bilirubin
    ON highest_bilirubin.stay_id = first_days.stay_id
  LEFT JOIN ventilated_gases
    ON ventilated_gases.stay_id = first_days.stay_id
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
  subject_id,
  hadm_id,
  stay_id,
  starttime,
  endtime,
  sapsii,
  1 / (1 + EXP(-(-7.7631 + 0.0737 * sapsii + 0.9971 * LN(sapsii + 1)))) AS sapsii_prob,
  age_score,
  hr_score,
  sysbp_score,
  temp_score,
  pao2fio2_score,
  uo_score,
  bun_score,
  wbc_score,
  potassium_score,
  sodium_score,
  bicarbonate_score,
  bilirubin_score,
  gcs_score,
  comorbidity_score,
  admissiontype_score
FROM totals
