-- Elixhauser comorbidities of each admission by the AHRQ software 3.7, without those that its DRG already tells of.
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
),

-- MS-DRGs, and the HCFA-DRGs that they replaced in 2007; other kinds do not count
drg_numbers AS (
  SELECT
    hadm_id,
    CASE WHEN drg_type = 'MS' THEN SAFE_CAST(drg_code AS INT64) END AS ms_drg,
    CASE WHEN drg_type = 'HCFA' THEN SAFE_CAST(drg_code AS INT64) END AS hcfa_drg
  FROM `physionet-data.mimiciii_clinical.drgcodes`
  WHERE drg_type IN ('MS', 'HCFA')
),

drg_groups AS (
  SELECT
    hadm_id,
    MAX(CASE
      WHEN ms_drg BETWEEN 1 AND 2 OR ms_drg BETWEEN 215 AND 238 OR ms_drg BETWEEN 242 AND 252
        OR ms_drg BETWEEN 253 AND 254 OR ms_drg BETWEEN 258 AND 262 OR ms_drg BETWEEN 265 AND 267
        OR ms_drg BETWEEN 280 AND 293 OR ms_drg BETWEEN 296 AND 298 OR ms_drg BETWEEN 302 AND 303
        OR ms_drg BETWEEN 306 AND 313 OR hcfa_drg BETWEEN 103 AND 112 OR hcfa_drg BETWEEN 115 AND 118
        OR hcfa_drg BETWEEN 121 AND 127 OR hcfa_drg BETWEEN 135 AND 143 OR hcfa_drg BETWEEN 514 AND 518
        OR hcfa_drg BETWEEN 525 AND 527 OR hcfa_drg BETWEEN 535 AND 536 OR hcfa_drg BETWEEN 547 AND 550
        OR hcfa_drg BETWEEN 551 AND 558 OR hcfa_drg IN (129, 132, 133)
        THEN 1
      ELSE 0
    END) AS cardiac,
    MAX(CASE WHEN ms_drg BETWEEN 299 AND 301 OR hcfa_drg IN (130, 131) THEN 1 ELSE 0 END) AS peripheral_vascular,
    MAX(CASE
      WHEN ms_drg BETWEEN 656 AND 661 OR ms_drg BETWEEN 673 AND 675 OR ms_drg BETWEEN 682 AND 700
        OR ms_drg = 652 OR hcfa_drg BETWEEN 302 AND 305 OR hcfa_drg BETWEEN 315 AND 333
        THEN 1
      ELSE 0
    END) AS renal,
    MAX(CASE
      WHEN ms_drg BETWEEN 20 AND 42 OR ms_drg BETWEEN 52 AND 103 OR hcfa_drg BETWEEN 1 AND 35
        OR hcfa_drg BETWEEN 528 AND 534 OR hcfa_drg BETWEEN 559 AND 564 OR hcfa_drg IN (524, 543, 577)
        THEN 1
      ELSE 0
    END) AS nervous_system,
    MAX(CASE
      WHEN ms_drg BETWEEN 20 AND 22 OR ms_drg BETWEEN 34 AND 39 OR ms_drg BETWEEN 64 AND 72
        OR hcfa_drg BETWEEN 14 AND 17 OR hcfa_drg BETWEEN 533 AND 534 OR hcfa_drg IN (5, 524, 528, 577)
        THEN 1
      ELSE 0
    END) AS cerebrovascular,
    MAX(CASE
      WHEN ms_drg BETWEEN 190 AND 192 OR ms_drg BETWEEN 202 AND 203 OR hcfa_drg BETWEEN 96 AND 98
        OR hcfa_drg = 88
        THEN 1
      ELSE 0
    END) AS chronic_pulmonary,
    MAX(CASE WHEN ms_drg BETWEEN 637 AND 639 OR hcfa_drg IN (294, 295) THEN 1 ELSE 0 END) AS diabetes,
    MAX(CASE
      WHEN ms_drg BETWEEN 625 AND 627 OR ms_drg BETWEEN 643 AND 645 OR hcfa_drg IN (290, 300, 301)
        THEN 1
      ELSE 0
    END) AS thyroid,
    MAX(CASE
      WHEN ms_drg BETWEEN 420 AND 425 OR ms_drg BETWEEN 432 AND 434 OR ms_drg BETWEEN 441 AND 446
        OR hcfa_drg BETWEEN 199 AND 202 OR hcfa_drg BETWEEN 205 AND 208
        THEN 1
      ELSE 0
    END) AS liver,
    MAX(CASE WHEN ms_drg BETWEEN 377 AND 384 OR hcfa_drg BETWEEN 174 AND 178 THEN 1 ELSE 0 END) AS ulcer,
    MAX(CASE
      WHEN ms_drg BETWEEN 969 AND 970 OR ms_drg BETWEEN 974 AND 977 OR hcfa_drg IN (488, 489, 490)
        THEN 1
      ELSE 0
    END) AS hiv,
    MAX(CASE
      WHEN ms_drg BETWEEN 820 AND 830 OR ms_drg BETWEEN 834 AND 849 OR hcfa_drg BETWEEN 400 AND 414
        OR hcfa_drg BETWEEN 539 AND 540 OR hcfa_drg IN (473, 492)
        THEN 1
      ELSE 0
    END) AS leukemia,
    MAX(CASE
      WHEN ms_drg BETWEEN 146 AND 148 OR ms_drg BETWEEN 180 AND 182 OR ms_drg BETWEEN 374 AND 376
        OR ms_drg BETWEEN 435 AND 437 OR ms_drg BETWEEN 542 AND 544 OR ms_drg BETWEEN 582 AND 585
        OR ms_drg BETWEEN 597 AND 599 OR ms_drg BETWEEN 656 AND 658 OR ms_drg BETWEEN 686 AND 688
        OR ms_drg BETWEEN 715 AND 716 OR ms_drg BETWEEN 722 AND 724 OR ms_drg BETWEEN 736 AND 741
        OR ms_drg BETWEEN 754 AND 756 OR ms_drg BETWEEN 826 AND 830 OR ms_drg BETWEEN 843 AND 849
        OR ms_drg IN (54, 55) OR hcfa_drg BETWEEN 257 AND 260 OR hcfa_drg BETWEEN 406 AND 414
        OR hcfa_drg IN (10, 11, 64, 82, 172, 173, 199, 203, 239, 274, 275, 303, 318, 319)
        OR hcfa_drg IN (338, 344, 346, 347, 354, 355, 357, 363, 366, 367)
        THEN 1
      ELSE 0
    END) AS cancer,
    MAX(CASE WHEN ms_drg BETWEEN 545 AND 547 OR hcfa_drg IN (240, 241) THEN 1 ELSE 0 END) AS connective_tissue,
    MAX(CASE WHEN ms_drg BETWEEN 640 AND 641 OR hcfa_drg BETWEEN 296 AND 298 THEN 1 ELSE 0 END) AS nutrition,
    MAX(CASE WHEN ms_drg BETWEEN 808 AND 812 OR hcfa_drg IN (395, 396, 574) THEN 1 ELSE 0 END) AS anemia,
    MAX(CASE
      WHEN ms_drg BETWEEN 894 AND 897 OR hcfa_drg BETWEEN 433 AND 437 OR hcfa_drg BETWEEN 521 AND 523
        THEN 1
      ELSE 0
    END) AS alcohol_drug,
    MAX(CASE WHEN ms_drg = 813 OR hcfa_drg = 397 THEN 1 ELSE 0 END) AS coagulation,
    MAX(CASE WHEN ms_drg IN (77, 78, 304) OR hcfa_drg IN (22, 134) THEN 1 ELSE 0 END) AS hypertension_complicated,
    MAX(CASE WHEN ms_drg IN (79, 305) OR hcfa_drg = 134 THEN 1 ELSE 0 END) AS hypertension_uncomplicated,
    MAX(CASE WHEN ms_drg = 885 OR hcfa_drg = 430 THEN 1 ELSE 0 END) AS psychoses,
    MAX(CASE WHEN ms_drg BETWEEN 619 AND 621 OR hcfa_drg = 288 THEN 1 ELSE 0 END) AS obesity,
    MAX(CASE WHEN ms_drg = 881 OR hcfa_drg = 426 THEN 1 ELSE 0 END) AS depression
  FROM drg_numbers
  GROUP BY hadm_id
)

SELECT
  admissions.subject_id,
  admissions.hadm_id,
  CASE
    WHEN drg_groups.cardiac = 1 THEN 0
    WHEN code_groups.congestive_heart_failure = 1
      OR code_groups.hypertensive_heart_with_failure = 1
      OR code_groups.hypertensive_heart_renal_with_heart_failure = 1
      OR code_groups.hypertensive_heart_renal_with_both_failures = 1
      THEN 1
    ELSE 0
  END AS congestive_heart_failure,
  CASE
    WHEN drg_groups.cardiac = 1 THEN 0
    WHEN code_groups.cardiac_arrhythmias = 1 THEN 1
    ELSE 0
  END AS cardiac_arrhythmias,
  CASE
    WHEN drg_groups.cardiac = 1 THEN 0
    WHEN code_groups.valvular_disease = 1 THEN 1
    ELSE 0
  END AS valvular_disease,
  CASE
    WHEN drg_groups.cardiac = 1 OR drg_groups.chronic_pulmonary = 1 THEN 0
    WHEN code_groups.pulmonary_circulation = 1 THEN 1
    ELSE 0
  END AS pulmonary_circulation,
  CASE
    WHEN drg_groups.peripheral_vascular = 1 THEN 0
    WHEN code_groups.peripheral_vascular = 1 THEN 1
    ELSE 0
  END AS peripheral_vascular,
  CASE
    -- uncomplicated: as published it counts only where a DRG tells of it too, or where no DRG is known
    WHEN code_groups.hypertension_uncomplicated = 1
      AND COALESCE(drg_groups.hypertension_uncomplicated, 1) = 1
      THEN 1
    -- complicated: one kind that the DRG tells of suppresses all of them
    WHEN (
      code_groups.hypertension_complicated = 1
      OR code_groups.hypertension_before_pregnancy = 1
    )
      AND drg_groups.hypertension_complicated = 1
      THEN 0
    WHEN (
      code_groups.hypertensive_heart = 1
      OR code_groups.hypertensive_heart_with_failure = 1
    )
      AND (drg_groups.hypertension_complicated = 1 OR drg_groups.cardiac = 1)
      THEN 0
    WHEN (
      code_groups.hypertensive_renal = 1
      OR code_groups.hypertensive_renal_with_failure = 1
    )
      AND (drg_groups.hypertension_complicated = 1 OR drg_groups.renal = 1)
      THEN 0
    WHEN (
      code_groups.hypertensive_heart_renal = 1
      OR code_groups.hypertensive_heart_renal_with_heart_failure = 1
      OR code_groups.hypertensive_heart_renal_with_renal_failure = 1
      OR code_groups.hypertensive_heart_renal_with_both_failures = 1
      OR code_groups.hypertension_in_pregnancy = 1
    )
      AND (
      drg_groups.hypertension_complicated = 1
      OR drg_groups.cardiac = 1
      OR drg_groups.renal = 1
    )
      THEN 0
    WHEN code_groups.hypertension_complicated = 1
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
  CASE WHEN drg_groups.cerebrovascular = 1 THEN 0 WHEN code_groups.paralysis = 1 THEN 1 ELSE 0 END AS paralysis,
  CASE
    WHEN drg_groups.nervous_system = 1 THEN 0
    WHEN code_groups.other_neurological = 1 THEN 1
    ELSE 0
  END AS other_neurological,
  CASE
    WHEN drg_groups.chronic_pulmonary = 1 THEN 0
    WHEN code_groups.chronic_pulmonary = 1 THEN 1
    ELSE 0
  END AS chronic_pulmonary,
  CASE
    WHEN drg_groups.diabetes = 1 THEN 0
    WHEN code_groups.diabetes_complicated = 1 THEN 0
    WHEN code_groups.diabetes_uncomplicated = 1 THEN 1
    ELSE 0
  END AS diabetes_uncomplicated,
  CASE
    WHEN drg_groups.diabetes = 1 THEN 0
    WHEN code_groups.diabetes_complicated = 1 THEN 1
    ELSE 0
  END AS diabetes_complicated,
  CASE
    WHEN drg_groups.thyroid = 1 THEN 0
    WHEN code_groups.hypothyroidism = 1 THEN 1
    ELSE 0
  END AS hypothyroidism,
  CASE
    WHEN drg_groups.renal = 1 THEN 0
    WHEN code_groups.renal_failure = 1
      OR code_groups.hypertensive_renal_with_failure = 1
      OR code_groups.hypertensive_heart_renal_with_renal_failure = 1
      OR code_groups.hypertensive_heart_renal_with_both_failures = 1
      THEN 1
    ELSE 0
  END AS renal_failure,
  CASE WHEN drg_groups.liver = 1 THEN 0 WHEN code_groups.liver_disease = 1 THEN 1 ELSE 0 END AS liver_disease,
  CASE WHEN drg_groups.ulcer = 1 THEN 0 WHEN code_groups.peptic_ulcer = 1 THEN 1 ELSE 0 END AS peptic_ulcer,
  CASE WHEN drg_groups.hiv = 1 THEN 0 WHEN code_groups.aids = 1 THEN 1 ELSE 0 END AS aids,
  CASE WHEN drg_groups.leukemia = 1 THEN 0 WHEN code_groups.lymphoma = 1 THEN 1 ELSE 0 END AS lymphoma,
  CASE
    WHEN drg_groups.cancer = 1 THEN 0
    WHEN code_groups.metastatic_cancer = 1 THEN 1
    ELSE 0
  END AS metastatic_cancer,
  CASE
    WHEN drg_groups.cancer = 1 THEN 0
    WHEN code_groups.metastatic_cancer = 1 THEN 0
    WHEN code_groups.solid_tumor = 1 THEN 1
    ELSE 0
  END AS solid_tumor,
  CASE
    WHEN drg_groups.connective_tissue = 1 THEN 0
    WHEN code_groups.rheumatoid_arthritis = 1 THEN 1
    ELSE 0
  END AS rheumatoid_arthritis,
  CASE
    WHEN drg_groups.coagulation = 1 THEN 0
    WHEN code_groups.coagulopathy = 1 THEN 1
    ELSE 0
  END AS coagulopathy,
  CASE
    WHEN drg_groups.nutrition = 1 OR drg_groups.obesity = 1 THEN 0
    WHEN code_groups.obesity = 1 THEN 1
    ELSE 0
  END AS obesity,
  CASE WHEN drg_groups.nutrition = 1 THEN 0 WHEN code_groups.weight_loss = 1 THEN 1 ELSE 0 END AS weight_loss,
  CASE
    WHEN drg_groups.nutrition = 1 THEN 0
    WHEN code_groups.fluid_electrolyte = 1 THEN 1
    ELSE 0
  END AS fluid_electrolyte,
  CASE
    WHEN drg_groups.anemia = 1 THEN 0
    WHEN code_groups.blood_loss_anemia = 1 THEN 1
    ELSE 0
  END AS blood_loss_anemia,
  CASE
    WHEN drg_groups.anemia = 1 THEN 0
    WHEN code_groups.deficiency_anemias = 1 THEN 1
    ELSE 0
  END AS deficiency_anemias,
  CASE
    WHEN drg_groups.alcohol_drug = 1 THEN 0
    WHEN code_groups.alcohol_abuse = 1 THEN 1
    ELSE 0
  END AS alcohol_abuse,
  CASE WHEN drg_groups.alcohol_drug = 1 THEN 0 WHEN code_groups.drug_abuse = 1 THEN 1 ELSE 0 END AS drug_abuse,
  CASE WHEN drg_groups.psychoses = 1 THEN 0 WHEN code_groups.psychoses = 1 THEN 1 ELSE 0 END AS psychoses,
  CASE WHEN drg_groups.depression = 1 THEN 0 WHEN code_groups.depression = 1 THEN 1 ELSE 0 END AS depression
FROM `physionet-data.mimiciii_clinical.admissions` AS admissions
LEFT JOIN code_groups
  ON code_groups.hadm_id = admissions.hadm_id
LEFT JOIN drg_groups
  ON drg_groups.hadm_id = admissions.hadm_id
