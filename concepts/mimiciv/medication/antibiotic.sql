-- Prescriptions of systemic antimicrobials, with the ICU stay in which they started.
WITH systemic_drugs AS (
  SELECT DISTINCT
    drug,
    route,
    LOWER(drug) AS drug_lower
  FROM `physionet-data.mimiciv_hosp.prescriptions`
  WHERE drug_type <> 'BASE'
    AND route NOT IN ('OU', 'OS', 'OD', 'AU', 'AS', 'AD', 'TP') -- both, left, right eye and ear; topical
    AND LOWER(route) NOT LIKE '%ear%'
    AND LOWER(route) NOT LIKE '%eye%'
    AND LOWER(drug) NOT LIKE '%cream%'
    AND LOWER(drug) NOT LIKE '%desensitization%'
    AND LOWER(drug) NOT LIKE '%ophth oint%'
    AND LOWER(drug) NOT LIKE '%gel%'
),

-- parts of generic and brand names, spelled as the published list spells them
antibiotics AS (
  SELECT
    drug,
    route
  FROM systemic_drugs
  WHERE REGEXP_CONTAINS(drug_lower, r'adoxa|ala-tet|alodox|amikacin|amikin|amoxicill|amphotericin|ampicillin')
    OR REGEXP_CONTAINS(drug_lower, r'ancef|anidulafungin|augmentin|avelox|avidoxy|axetil|azactam|azithromycin')
    OR REGEXP_CONTAINS(drug_lower, r'aztreonam|bactocill|bactrim|bactroban|bethkis|biaxin|bicillin l-a')
    OR REGEXP_CONTAINS(drug_lower, r'cayston|cedax|cefaclor|cefadroxil|cefazolin|cefdinir|cefditoren|cefepime')
    OR REGEXP_CONTAINS(drug_lower, r'cefotan|cefotaxime|cefotetan|cefoxitin|cefpirome|cefpodoxime|cefprozil')
    OR REGEXP_CONTAINS(drug_lower, r'ceftaroline|ceftazidime|ceftibuten|ceftin|ceftriaxone|cefuroxime')
    OR REGEXP_CONTAINS(drug_lower, r'cephalexin|cephalothin|cephapririn|chloramphenicol|cipro|ciprofloxacin')
    OR REGEXP_CONTAINS(drug_lower, r'claforan|clarithromycin|clavulanate|cleocin|clindamycin|cubicin')
    OR REGEXP_CONTAINS(drug_lower, r'dicloxacillin|dirithromycin|doryx|doxycy|duricef|dynacin')
    OR REGEXP_CONTAINS(drug_lower, r'ery-tab|eryc|eryped|erythrocin|erythromycin|factive|flagyl|fortaz|furadantin')
    OR REGEXP_CONTAINS(drug_lower, r'garamycin|gentamicin|kanamycin|keflex|kefzol|ketek')
    OR REGEXP_CONTAINS(drug_lower, r'levaquin|levofloxacin|lincocin|linezolid')
    OR REGEXP_CONTAINS(drug_lower, r'macrobid|macrodantin|maxipime|mefoxin|meropenem|methicillin')
    OR REGEXP_CONTAINS(drug_lower, r'metronidazole|minocin|minocycline|monodox|monurol|morgidox|moxatag')
    OR REGEXP_CONTAINS(drug_lower, r'moxifloxacin|mupirocin|myrac')
    OR REGEXP_CONTAINS(drug_lower, r'nafcillin|neomycin|nicazel doxy 30|nitrofurantoin|norfloxacin|noroxin')
    OR REGEXP_CONTAINS(drug_lower, r'ocudox|ofloxacin|omnicef|oracea|oraxyl|oxacillin')
    OR REGEXP_CONTAINS(drug_lower, r'panixine|pc pen vk|pce dispertab|pediazole|penicillin|periostat')
    OR REGEXP_CONTAINS(drug_lower, r'pfizerpen|piperacillin|primsol|proquin|raniclor|rifadin|rifampin|rocephin')
    OR REGEXP_CONTAINS(drug_lower, r'septra|septra ds|smz-tmp|solodyn|spectracef|streptomycin|sulfadiazine')
    OR REGEXP_CONTAINS(drug_lower, r'sulfamethoxazole|sulfatrim|sulfisoxazole|suprax|synercid')
    OR REGEXP_CONTAINS(drug_lower, r'tazicef|tazobactam|tetracycline|timentin|tobramycin|trimethoprim|unasyn')
    OR REGEXP_CONTAINS(drug_lower, r'vancocin|vancomycin|vantin|vibativ|vibra-tabs|vibramycin')
    OR REGEXP_CONTAINS(drug_lower, r'zinacef|zithromax|zosyn|zyvox')
)

SELECT
  prescriptions.subject_id,
  prescriptions.hadm_id,
  icustays.stay_id,
  prescriptions.drug AS antibiotic,
  prescriptions.route,
  prescriptions.starttime,
  prescriptions.stoptime
FROM `physionet-data.mimiciv_hosp.prescriptions` AS prescriptions
INNER JOIN antibiotics
  ON antibiotics.drug = prescriptions.drug
  AND antibiotics.route = prescriptions.route
LEFT JOIN `physionet-data.mimiciv_icu.icustays` AS icustays
  ON icustays.hadm_id = prescriptions.hadm_id
  AND icustays.intime <= prescriptions.starttime
  AND icustays.outtime > prescriptions.starttime
