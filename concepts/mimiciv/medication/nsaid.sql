-- Prescriptions of non-steroidal anti-inflammatory drugs, aspirin included.
SELECT
  subject_id,
  hadm_id,
  drug AS nsaid,
  starttime,
  stoptime
FROM `physionet-data.mimiciv_hosp.prescriptions`
WHERE REGEXP_CONTAINS(LOWER(drug), r'aspirin|bromfenac|celecoxib|diclofenac|diflunisal|etodolac|fenoprofen')
  OR REGEXP_CONTAINS(LOWER(drug), r'flurbiprofen|ibuprofen|indomethacin|ketoprofen|mefenamic acid|meloxicam')
  OR REGEXP_CONTAINS(LOWER(drug), r'nabumetone|naproxen|nepafenac|oxaprozin|piroxicam|sulindac|tolmetin')
