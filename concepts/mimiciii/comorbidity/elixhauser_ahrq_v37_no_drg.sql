-- Elixhauser comorbidities of each admission by the codes of the AHRQ software 3.7, whatever its DRG.
WITH code_groups AS (
  SELECT
    hadm_id,
    MAX(CASE
      WHEN icd9_code = '39891'
        OR icd9_code BETWEEN '4280' AND '4289'
        THEN 1
      ELSE 0
    END) AS congestive_heart_failure,
    MAX(CASE
      WHEN icd9_code IN ('42610', '42611', '42613', '4270', '4272', '42731', '42760', '4279', '7850')
        OR icd9_code BETWEEN '4262' AND '42653'
        OR icd9_code BETWEEN '4266' AND '42689'
        OR icd9_code BETWEEN 'V450' AND 'V4509'
        OR icd9_code BETWEEN 'V533' AND 'V5339'
        THEN 1
      ELSE 0
    END) AS cardiac_arrhythmias,
    MAX(CASE
      WHEN icd9_code IN ('3979', 'V422', 'V433')
        OR icd9_code BETWEEN '09320' AND '09324'
        OR icd9_code BETWEEN '3940' AND '3971'
        OR icd9_code BETWEEN '4240' AND '42499'
        OR icd9_code BETWEEN '7463' AND '7466'
        THEN 1
      ELSE 0
    END) AS valvular_disease,
    MAX(CASE
      WHEN icd9_code = '4179'
        OR icd9_code BETWEEN '41511' AND '41519'
        OR icd9_code BETWEEN '4160' AND '4169'
        THEN 1
      ELSE 0
    END) AS pulmonary_circulation,
    MAX(CASE
      WHEN icd9_code IN ('4471', '449', '5571', '5579', 'V434')
        OR icd9_code BETWEEN '4400' AND '4409'
        OR icd9_code BETWEEN '44100' AND '4419'
        OR icd9_code BETWEEN '4420' AND '4429'
        OR icd9_code BETWEEN '4431' AND '4439'
        OR icd9_code BETWEEN '44421' AND '44422'
        THEN 1
      ELSE 0
    END) AS peripheral_vascular,
    MAX(CASE
      WHEN icd9_code IN ('4011', '4019')
        OR icd9_code BETWEEN '64200' AND '64204'
        THEN 1
      ELSE 0
    END) AS hypertension_uncomplicated,
    MAX(CASE WHEN icd9_code IN ('4010', '4372') THEN 1 ELSE 0 END) AS hypertension_complicated,
    MAX(CASE WHEN icd9_code BETWEEN '64220' AND '64224' THEN 1 ELSE 0 END) AS hypertension_before_pregnancy,
    MAX(CASE
      WHEN icd9_code IN ('40200', '40210', '40290', '40509', '40519', '40599')
        THEN 1
      ELSE 0
    END) AS hypertensive_heart,
    MAX(CASE WHEN icd9_code IN ('40201', '40211', '40291') THEN 1 ELSE 0 END) AS hypertensive_heart_with_failure,
    MAX(CASE
      WHEN icd9_code IN ('40300', '40310', '40390', '40501', '40511', '40591')
        OR icd9_code BETWEEN '64210' AND '64214'
        THEN 1
      ELSE 0
    END) AS hypertensive_renal,
    MAX(CASE WHEN icd9_code IN ('40301', '40311', '40391') THEN 1 ELSE 0 END) AS hypertensive_renal_with_failure,
    MAX(CASE WHEN icd9_code IN ('40400', '40410', '40490') THEN 1 ELSE 0 END) AS hypertensive_heart_renal,
    MAX(CASE
      WHEN icd9_code IN ('40401', '40411', '40491')
        THEN 1
      ELSE 0
    END) AS hypertensive_heart_renal_with_heart_failure,
    MAX(CASE
      WHEN icd9_code IN ('40402', '40412', '40492')
        THEN 1
      ELSE 0
    END) AS hypertensive_heart_renal_with_renal_failure,
    MAX(CASE
      WHEN icd9_code IN ('40403', '40413', '40493')
        THEN 1
      ELSE 0
    END) AS hypertensive_heart_renal_with_both_failures,
    MAX(CASE
      WHEN icd9_code BETWEEN '64270' AND '64274'
        OR icd9_code BETWEEN '64290' AND '64294'
        THEN 1
      ELSE 0
    END) AS hypertension_in_pregnancy,
    MAX(CASE
      WHEN icd9_code = '78072'
        OR icd9_code BETWEEN '3420' AND '3449'
        OR icd9_code BETWEEN '43820' AND '43853'
        THEN 1
      ELSE 0
    END) AS paralysis,
    MAX(CASE
      WHEN icd9_code IN (
          '3320', '3334', '3335', '3337', '33371', '33372', '33379', '33385', '33394', '3380', '340', '3483',
          '7687', '7803', '78031', '78032', '78033', '78039', '78097', '7843'
        )
        OR icd9_code BETWEEN '3300' AND '3319'
        OR icd9_code BETWEEN '3340' AND '3359'
        OR icd9_code BETWEEN '3411' AND '3419'
        OR icd9_code BETWEEN '34500' AND '34511'
        OR icd9_code BETWEEN '3452' AND '3453'
        OR icd9_code BETWEEN '34540' AND '34591'
        OR icd9_code BETWEEN '34700' AND '34701'
        OR icd9_code BETWEEN '34710' AND '34711'
        OR icd9_code BETWEEN '64940' AND '64944'
        OR icd9_code BETWEEN '76870' AND '76873'
        THEN 1
      ELSE 0
    END) AS other_neurological,
    MAX(CASE
      WHEN icd9_code = '5064'
        OR icd9_code BETWEEN '490' AND '4928'
        OR icd9_code BETWEEN '49300' AND '49392'
        OR icd9_code BETWEEN '494' AND '4941'
        OR icd9_code BETWEEN '4950' AND '505'
        THEN 1
      ELSE 0
    END) AS chronic_pulmonary,
    MAX(CASE
      WHEN icd9_code BETWEEN '25000' AND '25033'
        OR icd9_code BETWEEN '64800' AND '64804'
        OR icd9_code BETWEEN '24900' AND '24931'
        THEN 1
      ELSE 0
    END) AS diabetes_uncomplicated,
    MAX(CASE
      WHEN icd9_code = '7751'
        OR icd9_code BETWEEN '25040' AND '25093'
        OR icd9_code BETWEEN '24940' AND '24991'
        THEN 1
      ELSE 0
    END) AS diabetes_complicated,
    MAX(CASE
      WHEN icd9_code IN ('2448', '2449')
        OR icd9_code BETWEEN '243' AND '2442'
        THEN 1
      ELSE 0
    END) AS hypothyroidism,
    MAX(CASE
      WHEN icd9_code IN ('585', '5853', '5854', '5855', '5856', '5859', '586', 'V420', 'V451', 'V568')
        OR icd9_code BETWEEN 'V560' AND 'V5632'
        OR icd9_code BETWEEN 'V4511' AND 'V4512'
        THEN 1
      ELSE 0
    END) AS renal_failure,
    MAX(CASE
      WHEN icd9_code IN (
          '07022', '07023', '07032', '07033', '07044', '07054', '4560', '4561', '45620', '45621', '5710',
          '5712', '5713', '5715', '5716', '5718', '5719', '5723', '5728', '5735', 'V427'
        )
        OR icd9_code BETWEEN '57140' AND '57149'
        THEN 1
      ELSE 0
    END) AS liver_disease,
    MAX(CASE
      WHEN icd9_code IN (
          '53141', '53151', '53161', '53170', '53171', '53191', '53241', '53251', '53261', '53270', '53271',
          '53291', '53341', '53351', '53361', '53370', '53371', '53391', '53441', '53451', '53461', '53470',
          '53471', '53491'
        )
        THEN 1
      ELSE 0
    END) AS peptic_ulcer,
    MAX(CASE WHEN icd9_code BETWEEN '042' AND '0449' THEN 1 ELSE 0 END) AS aids,
    MAX(CASE
      WHEN icd9_code IN ('2386', '2733')
        OR icd9_code BETWEEN '20000' AND '20238'
        OR icd9_code BETWEEN '20250' AND '20301'
        OR icd9_code BETWEEN '20302' AND '20382'
        THEN 1
      ELSE 0
    END) AS lymphoma,
    MAX(CASE
      WHEN icd9_code IN ('20979', '78951')
        OR icd9_code BETWEEN '1960' AND '1991'
        OR icd9_code BETWEEN '20970' AND '20975'
        THEN 1
      ELSE 0
    END) AS metastatic_cancer,
    MAX(CASE
      WHEN icd9_code BETWEEN '1400' AND '1729'
        OR icd9_code BETWEEN '1740' AND '1759'
        OR icd9_code BETWEEN '179' AND '1958'
        OR icd9_code BETWEEN '20900' AND '20924'
        OR icd9_code BETWEEN '20925' AND '2093'
        OR icd9_code BETWEEN '20930' AND '20936'
        OR icd9_code BETWEEN '25801' AND '25803'
        THEN 1
      ELSE 0
    END) AS solid_tumor,
    MAX(CASE
      WHEN icd9_code IN ('7010', '725')
        OR icd9_code BETWEEN '7100' AND '7109'
        OR icd9_code BETWEEN '7140' AND '7149'
        OR icd9_code BETWEEN '7200' AND '7209'
        THEN 1
      ELSE 0
    END) AS rheumatoid_arthritis,
    MAX(CASE
      WHEN icd9_code IN ('2871', '28984')
        OR icd9_code BETWEEN '2860' AND '2869'
        OR icd9_code BETWEEN '2873' AND '2875'
        OR icd9_code BETWEEN '64930' AND '64934'
        THEN 1
      ELSE 0
    END) AS coagulopathy,
    MAX(CASE
      WHEN icd9_code IN ('2780', '27800', '27801', '27803', 'V854', 'V8554', '79391')
        OR icd9_code BETWEEN '64910' AND '64914'
        OR icd9_code BETWEEN 'V8530' AND 'V8539'
        OR icd9_code BETWEEN 'V8541' AND 'V8545'
        THEN 1
      ELSE 0
    END) AS obesity,
    MAX(CASE
      WHEN icd9_code BETWEEN '260' AND '2639'
        OR icd9_code BETWEEN '78321' AND '78322'
        THEN 1
      ELSE 0
    END) AS weight_loss,
    MAX(CASE WHEN icd9_code BETWEEN '2760' AND '2769' THEN 1 ELSE 0 END) AS fluid_electrolyte,
    MAX(CASE
      WHEN icd9_code = '2800'
        OR icd9_code BETWEEN '64820' AND '64824'
        THEN 1
      ELSE 0
    END) AS blood_loss_anemia,
    MAX(CASE
      WHEN icd9_code = '2859'
        OR icd9_code BETWEEN '2801' AND '2819'
        OR icd9_code BETWEEN '28521' AND '28529'
        THEN 1
      ELSE 0
    END) AS deficiency_anemias,
    MAX(CASE
      WHEN icd9_code IN ('2915', '2918', '29181', '29182', '29189', '2919')
        OR icd9_code BETWEEN '2910' AND '2913'
        OR icd9_code BETWEEN '30300' AND '30393'
        OR icd9_code BETWEEN '30500' AND '30503'
        THEN 1
      ELSE 0
    END) AS alcohol_abuse,
    MAX(CASE
      WHEN icd9_code IN ('2920', '2929')
        OR icd9_code BETWEEN '29282' AND '29289'
        OR icd9_code BETWEEN '30400' AND '30493'
        OR icd9_code BETWEEN '30520' AND '30593'
        OR icd9_code BETWEEN '64830' AND '64834'
        THEN 1
      ELSE 0
    END) AS drug_abuse,
    MAX(CASE
      WHEN icd9_code IN ('29910', '29911')
        OR icd9_code BETWEEN '29500' AND '2989'
        THEN 1
      ELSE 0
    END) AS psychoses,
    MAX(CASE WHEN icd9_code IN ('3004', '30112', '3090', '3091', '311') THEN 1 ELSE 0 END) AS depression
  FROM `physionet-data.mimiciii_clinical.diagnoses_icd`
  -- as published: the primary diagnosis alone, although comorbidities are meant to be the others
  WHERE seq_num = 1
  GROUP BY hadm_id
)

SELECT
  admissions.subject_id,
  admissions.hadm_id,
  CASE
    WHEN code_groups.congestive_heart_failure = 1
      OR code_groups.hypertensive_heart_with_failure = 1
      OR code_groups.hypertensive_heart_renal_with_heart_failure = 1
      OR code_groups.hypertensive_heart_renal_with_both_failures = 1
      THEN 1
    ELSE 0
  END AS congestive_heart_failure,
  CASE WHEN code_groups.cardiac_arrhythmias = 1 THEN 1 ELSE 0 END AS cardiac_arrhythmias,
  CASE WHEN code_groups.valvular_disease = 1 THEN 1 ELSE 0 END AS valvular_disease,
  CASE WHEN code_groups.pulmonary_circulation = 1 THEN 1 ELSE 0 END AS pulmonary_circulation,
  CASE WHEN code_groups.peripheral_vascular = 1 THEN 1 ELSE 0 END AS peripheral_vascular,
  CASE
    WHEN code_groups.hypertension_uncomplicated = 1
      OR code_groups.hypertension_complicated = 1
      OR code_groups.hypertension_before_pregnancy = 1
      OR code_groups.hypertensive_heart = 1
      OR code_groups.hypertensive_heart_with_failure = 1
      OR code_groups.hypertensive_renal = 1
      OR code_groups.hypertensive_renal_with_failure = 1
      OR code_groups.hypertensive_heart_renal = 1
      OR code_groups.hypertensive_heart_renal_with_heart_failure = 1
      OR code_groups.hypertensive_heart_renal_with_renal_failure = 1
      OR code_groups.hypertensive_heart_renal_with_both_failures = 1
      OR code_groups.hypertension_in_pregnancy = 1
      THEN 1
    ELSE 0
  END AS hypertension,
  CASE WHEN code_groups.paralysis = 1 THEN 1 ELSE 0 END AS paralysis,
  CASE WHEN code_groups.other_neurological = 1 THEN 1 ELSE 0 END AS other_neurological,
  CASE WHEN code_groups.chronic_pulmonary = 1 THEN 1 ELSE 0 END AS chronic_pulmonary,
  CASE
    WHEN code_groups.diabetes_complicated = 1 THEN 0
    WHEN code_groups.diabetes_uncomplicated = 1 THEN 1
    ELSE 0
  END AS diabetes_uncomplicated,
  CASE WHEN code_groups.diabetes_complicated = 1 THEN 1 ELSE 0 END AS diabetes_complicated,
  CASE WHEN code_groups.hypothyroidism = 1 THEN 1 ELSE 0 END AS hypothyroidism,
  CASE
    WHEN code_groups.renal_failure = 1
      OR code_groups.hypertensive_renal_with_failure = 1
      OR code_groups.hypertensive_heart_renal_with_renal_failure = 1
      OR code_groups.hypertensive_heart_renal_with_both_failures = 1
      THEN 1
    ELSE 0
  END AS renal_failure,
  CASE WHEN code_groups.liver_disease = 1 THEN 1 ELSE 0 END AS liver_disease,
  CASE WHEN code_groups.peptic_ulcer = 1 THEN 1 ELSE 0 END AS peptic_ulcer,
  CASE WHEN code_groups.aids = 1 THEN 1 ELSE 0 END AS aids,
  CASE WHEN code_groups.lymphoma = 1 THEN 1 ELSE 0 END AS lymphoma,
  CASE WHEN code_groups.metastatic_cancer = 1 THEN 1 ELSE 0 END AS metastatic_cancer,
  CASE
    WHEN code_groups.metastatic_cancer = 1 THEN 0
    WHEN code_groups.solid_tumor = 1 THEN 1
    ELSE 0
  END AS solid_tumor,
  CASE WHEN code_groups.rheumatoid_arthritis = 1 THEN 1 ELSE 0 END AS rheumatoid_arthritis,
  CASE WHEN code_groups.coagulopathy = 1 THEN 1 ELSE 0 END AS coagulopathy,
  CASE WHEN code_groups.obesity = 1 THEN 1 ELSE 0 END AS obesity,
  CASE WHEN code_groups.weight_loss = 1 THEN 1 ELSE 0 END AS weight_loss,
  CASE WHEN code_groups.fluid_electrolyte = 1 THEN 1 ELSE 0 END AS fluid_electrolyte,
  CASE WHEN code_groups.blood_loss_anemia = 1 THEN 1 ELSE 0 END AS blood_loss_anemia,
  CASE WHEN code_groups.deficiency_anemias = 1 THEN 1 ELSE 0 END AS deficiency_anemias,
  CASE WHEN code_groups.alcohol_abuse = 1 THEN 1 ELSE 0 END AS alcohol_abuse,
  CASE WHEN code_groups.drug_abuse = 1 THEN 1 ELSE 0 END AS drug_abuse,
  CASE WHEN code_groups.psychoses = 1 THEN 1 ELSE 0 END AS psychoses,
  CASE WHEN code_groups.depression = 1 THEN 1 ELSE 0 END AS depression
FROM `physionet-data.mimiciii_clinical.admissions` AS admissions
LEFT JOIN code_groups
  ON code_groups.hadm_id = admissions.hadm_id
