-- Charlson comorbidities of each hospital admission from its diagnoses, and the age-adjusted index.
WITH diagnoses AS (
  SELECT
    hadm_id,
    CASE WHEN icd_version = 9 THEN icd_code END AS icd9,
    CASE WHEN icd_version = 10 THEN icd_code END AS icd10
  FROM `physionet-data.mimiciv_hosp.diagnoses_icd`
),

-- the first 3, 4 and 5 characters of each code; ranges of them go by plain text order
code_starts AS (
  SELECT
    hadm_id,
    SUBSTR(icd9, 1, 3) AS icd9_3,
    SUBSTR(icd9, 1, 4) AS icd9_4,
    SUBSTR(icd9, 1, 5) AS icd9_5,
    SUBSTR(icd10, 1, 3) AS icd10_3,
    SUBSTR(icd10, 1, 4) AS icd10_4
  FROM diagnoses
),

comorbidities AS (
  SELECT
    admissions.subject_id,
    admissions.hadm_id,
    MAX(CASE
      WHEN icd9_3 IN ('410', '412')
        OR icd10_3 IN ('I21', 'I22')
        OR icd10_4 = 'I252'
        THEN 1
      ELSE 0
    END) AS myocardial_infarct,
    MAX(CASE
      WHEN icd9_3 = '428'
        OR icd9_4 BETWEEN '4254' AND '4259'
        OR icd9_5 IN (
          '39891', '40201', '40211', '40291', '40401', '40403', '40411', '40413', '40491', '40493'
        )
        OR icd10_3 IN ('I43', 'I50')
        OR icd10_4 IN (
          'I099', 'I110', 'I130', 'I132', 'I255', 'I420', 'I425', 'I426', 'I427', 'I428', 'I429', 'P290'
        )
        THEN 1
      ELSE 0
    END) AS congestive_heart_failure,
    MAX(CASE
      WHEN icd9_3 IN ('440', '441')
        OR icd9_4 IN ('0930', '4373', '4471', '5571', '5579', 'V434')
        OR icd9_4 BETWEEN '4431' AND '4439'
        OR icd10_3 IN ('I70', 'I71')
        OR icd10_4 IN (
          'I731', 'I738', 'I739', 'I771', 'I790', 'I792', 'K551', 'K558', 'K559', 'Z958', 'Z959'
        )
        THEN 1
      ELSE 0
    END) AS peripheral_vascular_disease,
    MAX(CASE
      WHEN icd9_3 BETWEEN '430' AND '438'
        OR icd9_5 = '36234'
        OR icd10_3 IN ('G45', 'G46')
        OR icd10_3 BETWEEN 'I60' AND 'I69'
        OR icd10_4 = 'H340'
        THEN 1
      ELSE 0
    END) AS cerebrovascular_disease,
    MAX(CASE
      WHEN icd9_3 = '290'
        OR icd9_4 IN ('2941', '3312')
        OR icd10_3 IN ('F00', 'F01', 'F02', 'F03', 'G30')
        OR icd10_4 IN ('F051', 'G311')
        THEN 1
      ELSE 0
    END) AS dementia,
    MAX(CASE
      WHEN icd9_3 BETWEEN '490' AND '505'
        OR icd9_4 IN ('4168', '4169', '5064', '5081', '5088')
        OR icd10_3 BETWEEN 'J40' AND 'J47'
        OR icd10_3 BETWEEN 'J60' AND 'J67'
        OR icd10_4 IN ('I278', 'I279', 'J684', 'J701', 'J703')
        THEN 1
      ELSE 0
    END) AS chronic_pulmonary_disease,
    MAX(CASE
      WHEN icd9_3 = '725'
        OR icd9_4 IN ('4465', '7100', '7101', '7102', '7103', '7104', '7140', '7141', '7142', '7148')
        OR icd10_3 IN ('M05', 'M06', 'M32', 'M33', 'M34')
        OR icd10_4 IN ('M315', 'M351', 'M353', 'M360')
        THEN 1
      ELSE 0
    END) AS rheumatic_disease,
    MAX(CASE
      WHEN icd9_3 IN ('531', '532', '533', '534')
        OR icd10_3 IN ('K25', 'K26', 'K27', 'K28')
        THEN 1
      ELSE 0
    END) AS peptic_ulcer_disease,
    MAX(CASE
      WHEN icd9_3 IN ('570', '571')
        OR icd9_4 IN ('0706', '0709', '5733', '5734', '5738', '5739', 'V427')
        OR icd9_5 IN ('07022', '07023', '07032', '07033', '07044', '07054')
        OR icd10_3 IN ('B18', 'K73', 'K74')
        OR icd10_4 IN (
          'K700', 'K701', 'K702', 'K703', 'K709', 'K713', 'K714', 'K715', 'K717', 'K760', 'K762', 'K763',
          'K764', 'K768', 'K769', 'Z944'
        )
        THEN 1
      ELSE 0
    END) AS mild_liver_disease,
    MAX(CASE
      WHEN icd9_4 IN ('2500', '2501', '2502', '2503', '2508', '2509')
        OR icd10_4 IN (
          'E100', 'E101', 'E106', 'E108', 'E109', 'E110', 'E111', 'E116', 'E118', 'E119', 'E120', 'E121',
          'E126', 'E128', 'E129', 'E130', 'E131', 'E136', 'E138', 'E139', 'E140', 'E141', 'E146', 'E148',
          'E149'
        )
        THEN 1
      ELSE 0
    END) AS diabetes_without_cc,
    MAX(CASE
      WHEN icd9_4 IN ('2504', '2505', '2506', '2507')
        OR icd10_4 IN (
          'E102', 'E103', 'E104', 'E105', 'E107', 'E112', 'E113', 'E114', 'E115', 'E117', 'E122', 'E123',
          'E124', 'E125', 'E127', 'E132', 'E133', 'E134', 'E135', 'E137', 'E142', 'E143', 'E144', 'E145',
          'E147'
        )
        THEN 1
      ELSE 0
    END) AS diabetes_with_cc,
    MAX(CASE
      WHEN icd9_3 IN ('342', '343')
        OR icd9_4 IN ('3341', '3440', '3441', '3442', '3443', '3444', '3445', '3446', '3449')
        OR icd10_3 IN ('G81', 'G82')
        OR icd10_4 IN ('G041', 'G114', 'G801', 'G802', 'G830', 'G831', 'G832', 'G833', 'G834', 'G839')
        THEN 1
      ELSE 0
    END) AS paraplegia,
    MAX(CASE
      WHEN icd9_3 IN ('582', '585', '586', 'V56')
        OR icd9_4 IN ('5880', 'V420', 'V451')
        OR icd9_4 BETWEEN '5830' AND '5837'
        OR icd9_5 IN ('40301', '40311', '40391', '40402', '40403', '40412', '40413', '40492', '40493')
        OR icd10_3 IN ('N18', 'N19')
        OR icd10_4 IN (
          'I120', 'I131', 'N032', 'N033', 'N034', 'N035', 'N036', 'N037', 'N052', 'N053', 'N054', 'N055',
          'N056', 'N057', 'N250', 'Z490', 'Z491', 'Z492', 'Z940', 'Z992'
        )
        THEN 1
      ELSE 0
    END) AS renal_disease,
    MAX(CASE
      WHEN icd9_3 BETWEEN '140' AND '172'
        OR icd9_4 BETWEEN '1740' AND '1958'
        OR icd9_3 BETWEEN '200' AND '208'
        OR icd9_4 = '2386'
        OR icd10_3 IN ('C43', 'C88')
        OR icd10_3 BETWEEN 'C00' AND 'C26'
        OR icd10_3 BETWEEN 'C30' AND 'C34'
        OR icd10_3 BETWEEN 'C37' AND 'C41'
        OR icd10_3 BETWEEN 'C45' AND 'C58'
        OR icd10_3 BETWEEN 'C60' AND 'C76'
        OR icd10_3 BETWEEN 'C81' AND 'C85'
        OR icd10_3 BETWEEN 'C90' AND 'C97'
        THEN 1
      ELSE 0
    END) AS malignant_cancer,
    MAX(CASE
      WHEN icd9_4 IN ('4560', '4561', '4562')
        OR icd9_4 BETWEEN '5722' AND '5728'
        OR icd10_4 IN (
          'I850', 'I859', 'I864', 'I982', 'K704', 'K711', 'K721', 'K729', 'K765', 'K766', 'K767'
        )
        THEN 1
      ELSE 0
    END) AS severe_liver_disease,
    MAX(CASE
      WHEN icd9_3 IN ('196', '197', '198', '199')
        OR icd10_3 IN ('C77', 'C78', 'C79', 'C80')
        THEN 1
      ELSE 0
    END) AS metastatic_solid_tumor,
    MAX(CASE
      WHEN icd9_3 IN ('042', '043', '044')
        OR icd10_3 IN ('B20', 'B21', 'B22', 'B24')
        THEN 1
      ELSE 0
    END) AS aids
  FROM `physionet-data.mimiciv_hosp.admissions` AS admissions
  LEFT JOIN code_starts
    ON code_starts.hadm_id = admissions.hadm_id
  GROUP BY
    admissions.subject_id,
    admissions.hadm_id
),

age_scores AS (
  SELECT
    admission_ages.hadm_id,
    CASE
      WHEN admission_ages.age < 50 THEN 0
      WHEN admission_ages.age < 60 THEN 1
      WHEN admission_ages.age < 70 THEN 2
      WHEN admission_ages.age < 80 THEN 3
      ELSE 4
    END AS age_score
  FROM `physionet-data.mimiciv_derived.age` AS admission_ages
)

SELECT
  comorbidities.subject_id,
  comorbidities.hadm_id,
  age_scores.age_score,
  comorbidities.myocardial_infarct,
  comorbidities.congestive_heart_failure,
  comorbidities.peripheral_vascular_disease,
  comorbidities.cerebrovascular_disease,
  comorbidities.dementia,
  comorbidities.chronic_pulmonary_disease,
  comorbidities.rheumatic_disease,
  comorbidities.peptic_ulcer_disease,
  comorbidities.mild_liver_disease,
  comorbidities.diabetes_without_cc,
  comorbidities.diabetes_with_cc,
  comorbidities.paraplegia,
  comorbidities.renal_disease,
  comorbidities.malignant_cancer,
  comorbidities.severe_liver_disease,
  comorbidities.metastatic_solid_tumor,
  comorbidities.aids,
  age_scores.age_score
  + comorbidities.myocardial_infarct
  + comorbidities.congestive_heart_failure
  + comorbidities.peripheral_vascular_disease
  + comorbidities.cerebrovascular_disease
  + comorbidities.dementia
  + comorbidities.chronic_pulmonary_disease
  + comorbidities.rheumatic_disease
  + comorbidities.peptic_ulcer_disease
  -- of a mild and a severe form only the severe one counts
  + GREATEST(comorbidities.mild_liver_disease, 3 * comorbidities.severe_liver_disease)
  + GREATEST(comorbidities.diabetes_without_cc, 2 * comorbidities.diabetes_with_cc)
  + GREATEST(2 * comorbidities.malignant_cancer, 6 * comorbidities.metastatic_solid_tumor)
  + 2 * comorbidities.paraplegia
  + 2 * comorbidities.renal_disease
  + 6 * comorbidities.aids
  AS charlson_comorbidity_index
FROM comorbidities
LEFT JOIN age_scores
  ON age_scores.hadm_id = comorbidities.hadm_id
