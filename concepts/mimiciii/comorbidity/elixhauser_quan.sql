-- Elixhauser comorbidities of each admission by the ICD-9 codes of Quan and others.
WITH code_starts AS (
  SELECT
    hadm_id,
    icd9_code,
    SUBSTR(icd9_code, 1, 4) AS icd9_4,
    SUBSTR(icd9_code, 1, 3) AS icd9_3
  FROM `physionet-data.mimiciii_clinical.diagnoses_icd`
  -- not the primary diagnosis
  WHERE seq_num <> 1
),

comorbidities AS (
  SELECT
    hadm_id,
    MAX(CASE
      WHEN icd9_code IN ('39891', '40201', '40211', '40291', '40401', '40403', '40411', '40413', '40491', '40493')
        OR icd9_4 IN ('4254', '4255', '4257', '4258', '4259')
        OR icd9_3 = '428'
        THEN 1
      ELSE 0
    END) AS congestive_heart_failure,
    MAX(CASE
      WHEN icd9_code IN ('42613', '42610', '42612', '99601', '99604')
        OR icd9_4 IN (
          '4260', '4267', '4269', '4270', '4271', '4272', '4273', '4274', '4276', '4278', '4279', '7850',
          'V450', 'V533'
        )
        THEN 1
      ELSE 0
    END) AS cardiac_arrhythmias,
    MAX(CASE
      WHEN icd9_4 IN ('0932', '7463', '7464', '7465', '7466', 'V422', 'V433')
        OR icd9_3 IN ('394', '395', '396', '397', '424')
        THEN 1
      ELSE 0
    END) AS valvular_disease,
    MAX(CASE
      WHEN icd9_4 IN ('4150', '4151', '4170', '4178', '4179')
        OR icd9_3 = '416'
        THEN 1
      ELSE 0
    END) AS pulmonary_circulation,
    MAX(CASE
      WHEN icd9_4 IN ('0930', '4373', '4431', '4432', '4438', '4439', '4471', '5571', '5579', 'V434')
        OR icd9_3 IN ('440', '441')
        THEN 1
      ELSE 0
    END) AS peripheral_vascular,
    MAX(CASE WHEN icd9_3 = '401' THEN 1 ELSE 0 END) AS hypertension_uncomplicated,
    MAX(CASE WHEN icd9_3 IN ('402', '403', '404', '405') THEN 1 ELSE 0 END) AS hypertension_complicated,
    MAX(CASE
      WHEN icd9_4 IN ('3341', '3440', '3441', '3442', '3443', '3444', '3445', '3446', '3449')
        OR icd9_3 IN ('342', '343')
        THEN 1
      ELSE 0
    END) AS paralysis,
    MAX(CASE
      WHEN icd9_code = '33392'
        OR icd9_4 IN ('3319', '3320', '3321', '3334', '3335', '3362', '3481', '3483', '7803', '7843')
        OR icd9_3 IN ('334', '335', '340', '341', '345')
        THEN 1
      ELSE 0
    END) AS other_neurological,
    MAX(CASE
      WHEN icd9_4 IN ('4168', '4169', '5064', '5081', '5088')
        OR icd9_3 IN ('490', '491', '492', '493', '494', '495', '496', '500', '501', '502', '503', '504', '505')
        THEN 1
      ELSE 0
    END) AS chronic_pulmonary,
    MAX(CASE WHEN icd9_4 IN ('2500', '2501', '2502', '2503') THEN 1 ELSE 0 END) AS diabetes_uncomplicated,
    MAX(CASE
      WHEN icd9_4 IN ('2504', '2505', '2506', '2507', '2508', '2509')
        THEN 1
      ELSE 0
    END) AS diabetes_complicated,
    MAX(CASE
      WHEN icd9_4 IN ('2409', '2461', '2468')
        OR icd9_3 IN ('243', '244')
        THEN 1
      ELSE 0
    END) AS hypothyroidism,
    MAX(CASE
      WHEN icd9_code IN ('40301', '40311', '40391', '40402', '40403', '40412', '40413', '40492', '40493')
        OR icd9_4 IN ('5880', 'V420', 'V451')
        OR icd9_3 IN ('585', '586', 'V56')
        THEN 1
      ELSE 0
    END) AS renal_failure,
    MAX(CASE
      WHEN icd9_code IN ('07022', '07023', '07032', '07033', '07044', '07054')
        OR icd9_4 IN (
          '0706', '0709', '4560', '4561', '4562', '5722', '5723', '5724', '5728', '5733', '5734', '5738',
          '5739', 'V427'
        )
        OR icd9_3 IN ('570', '571')
        THEN 1
      ELSE 0
    END) AS liver_disease,
    MAX(CASE
      WHEN icd9_4 IN ('5317', '5319', '5327', '5329', '5337', '5339', '5347', '5349')
        THEN 1
      ELSE 0
    END) AS peptic_ulcer,
    MAX(CASE WHEN icd9_3 IN ('042', '043', '044') THEN 1 ELSE 0 END) AS aids,
    MAX(CASE
      WHEN icd9_4 IN ('2030', '2386')
        OR icd9_3 IN ('200', '201', '202')
        THEN 1
      ELSE 0
    END) AS lymphoma,
    MAX(CASE WHEN icd9_3 IN ('196', '197', '198', '199') THEN 1 ELSE 0 END) AS metastatic_cancer,
    MAX(CASE
      WHEN icd9_3 IN (
          '140', '141', '142', '143', '144', '145', '146', '147', '148', '149', '150', '151', '152', '153',
          '154', '155', '156', '157', '158', '159', '160', '161', '162', '163', '164', '165', '166', '167',
          '168', '169', '170', '171', '172', '174', '175', '176', '177', '178', '179', '180', '181', '182',
          '183', '184', '185', '186', '187', '188', '189', '190', '191', '192', '193', '194', '195'
        )
        THEN 1
      ELSE 0
    END) AS solid_tumor,
    MAX(CASE
      WHEN icd9_code IN ('72889', '72930')
        OR icd9_4 IN ('7010', '7100', '7101', '7102', '7103', '7104', '7108', '7109', '7112', '7193', '7285')
        OR icd9_3 IN ('446', '714', '720', '725')
        THEN 1
      ELSE 0
    END) AS rheumatoid_arthritis,
    MAX(CASE
      WHEN icd9_4 IN ('2871', '2873', '2874', '2875')
        OR icd9_3 = '286'
        THEN 1
      ELSE 0
    END) AS coagulopathy,
    MAX(CASE WHEN icd9_4 = '2780' THEN 1 ELSE 0 END) AS obesity,
    MAX(CASE
      WHEN icd9_4 IN ('7832', '7994')
        OR icd9_3 IN ('260', '261', '262', '263')
        THEN 1
      ELSE 0
    END) AS weight_loss,
    MAX(CASE
      WHEN icd9_4 = '2536'
        OR icd9_3 = '276'
        THEN 1
      ELSE 0
    END) AS fluid_electrolyte,
    MAX(CASE WHEN icd9_4 = '2800' THEN 1 ELSE 0 END) AS blood_loss_anemia,
    MAX(CASE
      WHEN icd9_4 IN ('2801', '2808', '2809')
        OR icd9_3 = '281'
        THEN 1
      ELSE 0
    END) AS deficiency_anemias,
    MAX(CASE
      WHEN icd9_4 IN (
          '2652', '2911', '2912', '2913', '2915', '2918', '2919', '3030', '3039', '3050', '3575', '4255',
          '5353', '5710', '5711', '5712', '5713', 'V113'
        )
        OR icd9_3 = '980'
        THEN 1
      ELSE 0
    END) AS alcohol_abuse,
    MAX(CASE
      WHEN icd9_code = 'V6542'
        OR icd9_4 IN ('3052', '3053', '3054', '3055', '3056', '3057', '3058', '3059')
        OR icd9_3 IN ('292', '304')
        THEN 1
      ELSE 0
    END) AS drug_abuse,
    MAX(CASE
      WHEN icd9_code IN ('29604', '29614', '29644', '29654')
        OR icd9_4 = '2938'
        OR icd9_3 IN ('295', '297', '298')
        THEN 1
      ELSE 0
    END) AS psychoses,
    MAX(CASE
      WHEN icd9_4 IN ('2962', '2963', '2965', '3004')
        OR icd9_3 IN ('309', '311')
        THEN 1
      ELSE 0
    END) AS depression
  FROM code_starts
  GROUP BY hadm_id
)

SELECT
  admissions.hadm_id,
  comorbidities.congestive_heart_failure,
  comorbidities.cardiac_arrhythmias,
  comorbidities.valvular_disease,
  comorbidities.pulmonary_circulation,
  comorbidities.peripheral_vascular,
  CASE
    WHEN comorbidities.hypertension_uncomplicated = 1 OR comorbidities.hypertension_complicated = 1 THEN 1
    ELSE 0
  END AS hypertension,
  comorbidities.paralysis,
  comorbidities.other_neurological,
  comorbidities.chronic_pulmonary,
  -- of a mild and a severe form only the severe one counts
  CASE
    WHEN comorbidities.diabetes_complicated = 1 THEN 0
    WHEN comorbidities.diabetes_uncomplicated = 1 THEN 1
    ELSE 0
  END AS diabetes_uncomplicated,
  comorbidities.diabetes_complicated,
  comorbidities.hypothyroidism,
  comorbidities.renal_failure,
  comorbidities.liver_disease,
  comorbidities.peptic_ulcer,
  comorbidities.aids,
  comorbidities.lymphoma,
  comorbidities.metastatic_cancer,
  CASE
    WHEN comorbidities.metastatic_cancer = 1 THEN 0
    WHEN comorbidities.solid_tumor = 1 THEN 1
    ELSE 0
  END AS solid_tumor,
  comorbidities.rheumatoid_arthritis,
  comorbidities.coagulopathy,
  comorbidities.obesity,
  comorbidities.weight_loss,
  comorbidities.fluid_electrolyte,
  comorbidities.blood_loss_anemia,
  comorbidities.deficiency_anemias,
  comorbidities.alcohol_abuse,
  comorbidities.drug_abuse,
  comorbidities.psychoses,
  comorbidities.depression
FROM `physionet-data.mimiciii_clinical.admissions` AS admissions
LEFT JOIN comorbidities
  ON comorbidities.hadm_id = admissions.hadm_id
