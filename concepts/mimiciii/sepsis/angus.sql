-- Severe sepsis of each admission by the billing codes of Angus and others: infection with organ dysfunction.
WITH diagnoses AS (
  SELECT
    hadm_id,
    MAX(CASE
      WHEN SUBSTR(icd9_code, 1, 3) IN (
          '001', '002', '003', '004', '005', '008', '009', '010', '011', '012', '013', '014', '015', '016',
          '017', '018', '020', '021', '022', '023', '024', '025', '026', '027', '030', '031', '032', '033',
          '034', '035', '036', '037', '038', '039', '040', '041', '090', '091', '092', '093', '094', '095',
          '096', '097', '098', '100', '101', '102', '103', '104', '110', '111', '112', '114', '115', '116',
          '117', '118', '320', '322', '324', '325', '420', '421', '451', '461', '462', '463', '464', '465',
          '481', '482', '485', '486', '494', '510', '513', '540', '541', '542', '566', '567', '590', '597',
          '601', '614', '615', '616', '681', '682', '683', '686', '730'
        )
        OR SUBSTR(icd9_code, 1, 4) IN (
          '5695', '5720', '5721', '5750', '5990', '7110', '7907', '9966', '9985', '9993'
        )
        OR SUBSTR(icd9_code, 1, 5) IN ('49121', '56201', '56203', '56211', '56213', '56983')
        THEN 1
      ELSE 0
    END) AS infection,
    MAX(CASE
      WHEN SUBSTR(icd9_code, 1, 5) IN (
          '99592', -- Severe sepsis
          '78552'  -- Septic shock
        )
        THEN 1
      ELSE 0
    END) AS explicit_sepsis,
    MAX(CASE
      WHEN SUBSTR(icd9_code, 1, 3) IN (
          '458', -- Hypotension
          '293', -- Transient mental disorders
          '570', -- Acute necrosis of the liver
          '584'  -- Acute kidney failure
        )
        OR SUBSTR(icd9_code, 1, 4) IN (
          '7855', -- Shock without trauma
          '3483', -- Encephalopathy
          '3481', -- Anoxic brain damage
          '2874', -- Secondary thrombocytopenia
          '2875', -- Thrombocytopenia, unspecified
          '2869', -- Other coagulation defects
          '2866', -- Defibrination syndrome
          '5734'  -- Hepatic infarction
        )
        THEN 1
      ELSE 0
    END) AS organ_dysfunction
  FROM `physionet-data.mimiciii_clinical.diagnoses_icd`
  GROUP BY hadm_id
),

procedures AS (
  SELECT
    hadm_id,
    MAX(CASE WHEN icd9_code IN ('9670', '9671', '9672') THEN 1 ELSE 0 END) AS mech_vent
  FROM `physionet-data.mimiciii_clinical.procedures_icd`
  GROUP BY hadm_id
),

flags AS (
  SELECT
    admissions.subject_id,
    admissions.hadm_id,
    COALESCE(diagnoses.infection, 0) AS infection,
    COALESCE(diagnoses.explicit_sepsis, 0) AS explicit_sepsis,
    COALESCE(diagnoses.organ_dysfunction, 0) AS organ_dysfunction,
    COALESCE(procedures.mech_vent, 0) AS mech_vent
  FROM `physionet-data.mimiciii_clinical.admissions` AS admissions
  LEFT JOIN diagnoses
    ON diagnoses.hadm_id = admissions.hadm_id
  LEFT JOIN procedures
    ON procedures.hadm_id = admissions.hadm_id
)

SELECT
  subject_id,
  hadm_id,
  infection,
  explicit_sepsis,
  organ_dysfunction,
  mech_vent,
  CASE
    WHEN explicit_sepsis = 1 THEN 1
    WHEN infection = 1 AND organ_dysfunction = 1 THEN 1
    WHEN infection = 1 AND mech_vent = 1 THEN 1
    ELSE 0
  END AS angus
FROM flags
