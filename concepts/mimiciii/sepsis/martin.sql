-- Sepsis of each admission by the billing codes of Martin and others, with the organs that fail.
WITH diagnoses AS (
  SELECT
    hadm_id,
    MAX(CASE
      WHEN SUBSTR(icd9_code, 1, 3) = '038' -- Septicemia
        OR SUBSTR(icd9_code, 1, 4) IN (
          '0202', -- Septicemic plague
          '7907', -- Bacteremia
          '1179', -- Other and unspecified mycoses
          '1125'  -- Disseminated candidiasis
        )
        OR SUBSTR(icd9_code, 1, 5) = '11281' -- Candidal endocarditis
        THEN 1
      ELSE 0
    END) AS sepsis,
    MAX(CASE
      WHEN SUBSTR(icd9_code, 1, 4) = '7991' -- Respiratory arrest
        OR SUBSTR(icd9_code, 1, 5) IN (
          '51881', -- Acute respiratory failure
          '51882', -- Other pulmonary insufficiency
          '51885', -- Pulmonary insufficiency after trauma and surgery
          '78609'  -- Other respiratory abnormality
        )
        THEN 1
      ELSE 0
    END) AS respiratory,
    MAX(CASE
      WHEN SUBSTR(icd9_code, 1, 4) IN (
          '4580', -- Orthostatic hypotension
          '7855', -- Shock without trauma
          '4588', -- Other specified hypotension
          '4589', -- Hypotension, unspecified
          '7963'  -- Nonspecific low blood pressure reading
        )
        THEN 1
      ELSE 0
    END) AS cardiovascular,
    MAX(CASE
      WHEN SUBSTR(icd9_code, 1, 3) IN (
          '584', -- Acute kidney failure
          '580', -- Acute glomerulonephritis
          '585'  -- Chronic kidney disease
        )
        THEN 1
      ELSE 0
    END) AS renal,
    MAX(CASE
      WHEN SUBSTR(icd9_code, 1, 3) = '570' -- Acute necrosis of the liver
        OR SUBSTR(icd9_code, 1, 4) IN (
          '5722', -- Hepatic encephalopathy
          '5733'  -- Hepatitis, unspecified
        )
        THEN 1
      ELSE 0
    END) AS hepatic,
    MAX(CASE
      WHEN SUBSTR(icd9_code, 1, 4) IN (
          '2862', -- Congenital factor XI deficiency
          '2866', -- Defibrination syndrome
          '2869', -- Other coagulation defects
          '2873', -- Primary thrombocytopenia
          '2874', -- Secondary thrombocytopenia
          '2875'  -- Thrombocytopenia, unspecified
        )
        THEN 1
      ELSE 0
    END) AS hematologic,
    MAX(CASE WHEN SUBSTR(icd9_code, 1, 4) = '2762' THEN 1 ELSE 0 END) AS metabolic, -- Acidosis
    MAX(CASE
      WHEN SUBSTR(icd9_code, 1, 3) = '293' -- Transient mental disorders
        OR SUBSTR(icd9_code, 1, 4) IN (
          '3481', -- Anoxic brain damage
          '3483'  -- Encephalopathy
        )
        OR SUBSTR(icd9_code, 1, 5) IN (
          '78001', -- Coma
          '78009'  -- Other alteration of consciousness
        )
        THEN 1
      ELSE 0
    END) AS neurologic
  FROM `physionet-data.mimiciii_clinical.diagnoses_icd`
  GROUP BY hadm_id
),

procedures AS (
  SELECT
    hadm_id,
    -- as published, without the last digit that the codes of ventilation (9670 to 9672) have: it finds none
    MAX(CASE WHEN icd9_code = '967' THEN 1 ELSE 0 END) AS respiratory,
    MAX(CASE WHEN icd9_code = '3995' THEN 1 ELSE 0 END) AS renal, -- Hemodialysis
    MAX(CASE WHEN icd9_code = '8914' THEN 1 ELSE 0 END) AS neurologic -- Electroencephalogram
  FROM `physionet-data.mimiciii_clinical.procedures_icd`
  GROUP BY hadm_id
)

SELECT
  admissions.subject_id,
  admissions.hadm_id,
  diagnoses.sepsis,
  CASE
    WHEN diagnoses.respiratory = 1
      OR diagnoses.cardiovascular = 1
      OR diagnoses.renal = 1
      OR diagnoses.hepatic = 1
      OR diagnoses.hematologic = 1
      OR diagnoses.metabolic = 1
      OR diagnoses.neurologic = 1
      OR procedures.respiratory = 1
      OR procedures.renal = 1
      OR procedures.neurologic = 1
      THEN 1
    ELSE 0
  END AS organ_failure,
  CASE WHEN diagnoses.respiratory = 1 OR procedures.respiratory = 1 THEN 1 ELSE 0 END AS respiratory,
  diagnoses.cardiovascular,
  CASE WHEN diagnoses.renal = 1 OR procedures.renal = 1 THEN 1 ELSE 0 END AS renal,
  diagnoses.hepatic,
  diagnoses.hematologic,
  diagnoses.metabolic,
  CASE WHEN diagnoses.neurologic = 1 OR procedures.neurologic = 1 THEN 1 ELSE 0 END AS neurologic
FROM `physionet-data.mimiciii_clinical.admissions` AS admissions
LEFT JOIN diagnoses
  ON diagnoses.hadm_id = admissions.hadm_id
LEFT JOIN procedures
  ON procedures.hadm_id = admissions.hadm_id
