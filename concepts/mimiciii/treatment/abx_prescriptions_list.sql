-- Names of prescribed drugs that count as systemic antibiotics, with the number of their prescriptions.
WITH systemic_drugs AS (
  SELECT
    drug,
    LOWER(drug) AS drug_lower
  FROM `physionet-data.mimiciii_clinical.prescriptions`
  WHERE drug_type IN ('MAIN', 'ADDITIVE')
    AND route NOT IN ('OU', 'OS', 'OD', 'AU', 'AS', 'AD', 'TP') -- both, left, right eye and ear; topical
    AND LOWER(route) NOT LIKE '%ear%'
    AND LOWER(route) NOT LIKE '%eye%'
    AND LOWER(drug) NOT LIKE '%cream%'
    AND LOWER(drug) NOT LIKE '%desensitization%'
    AND LOWER(drug) NOT LIKE '%ophth oint%'
    AND LOWER(drug) NOT LIKE '%gel%'
)

-- parts of generic and brand names, spelled as the published list spells them
SELECT
  drug,
  COUNT(*) AS numobs
FROM systemic_drugs
WHERE REGEXP_CONTAINS(drug_lower, r'adoxa|ala-tet|alodox|amikacin|amikin|amoxicillin|ampicillin|augmentin|avelox')
  OR REGEXP_CONTAINS(drug_lower, r'avidoxy|axetil|azactam|azithromycin|aztreonam|bactocill|bactrim|bethkis')
  OR REGEXP_CONTAINS(drug_lower, r'biaxin|bicillin l-a|cayston|cedax|cefaclor|cefadroxil|cefazolin|cefdinir')
  OR REGEXP_CONTAINS(drug_lower, r'cefditoren|cefepime|cefotaxime|cefotetan|cefoxitin|cefpodoxime|cefprozil')
  OR REGEXP_CONTAINS(drug_lower, r'ceftazidime|ceftibuten|ceftin|cefuroxime|cephalexin|chloramphenicol|cipro')
  OR REGEXP_CONTAINS(drug_lower, r'claforan|clarithromycin|clavulanate|cleocin|clindamycin|cubicin|doryx')
  OR REGEXP_CONTAINS(drug_lower, r'doxycycline|duricef|dynacin|ery-tab|eryc|eryped|erythrocin|erythromycin')
  OR REGEXP_CONTAINS(drug_lower, r'factive|flagyl|fortaz|furadantin|garamycin|gentamicin|kanamycin|keflex|ketek')
  OR REGEXP_CONTAINS(drug_lower, r'levaquin|lincocin|macrobid|macrodantin|maxipime|mefoxin|metronidazole')
  OR REGEXP_CONTAINS(drug_lower, r'minocin|minocycline|monodox|monurol|morgidox|moxatag|moxifloxacin|myrac')
  OR REGEXP_CONTAINS(drug_lower, r'nafcillin sodium|nicazel doxy 30|nitrofurantoin|noroxin|ocudox|ofloxacin')
  OR REGEXP_CONTAINS(drug_lower, r'omnicef|oracea|oraxyl|oxacillin|panixine|pc pen vk|pce dispertab|pediazole')
  OR REGEXP_CONTAINS(drug_lower, r'penicillin|periostat|pfizerpen|piperacillin|primsol|proquin|raniclor|rifadin')
  OR REGEXP_CONTAINS(drug_lower, r'rifampin|rocephin|septra|smz-tmp|solodyn|spectracef|streptomycin sulfate')
  OR REGEXP_CONTAINS(drug_lower, r'sulfadiazine|sulfamethoxazole|sulfatrim|sulfisoxazole|suprax|synercid')
  OR REGEXP_CONTAINS(drug_lower, r'tazicef|tazobactam|tetracycline|timentin|tobi|tobramycin|trimethoprim|unasyn')
  OR REGEXP_CONTAINS(drug_lower, r'vancocin|vancomycin|vantin|vibativ|vibra-tabs|vibramycin|zinacef|zithromax')
  OR REGEXP_CONTAINS(drug_lower, r'zmax|zosyn|zyvox')
GROUP BY drug
