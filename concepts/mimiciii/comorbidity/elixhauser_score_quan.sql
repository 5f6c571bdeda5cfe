-- Elixhauser comorbidities of each admission as one number: by van Walraven and others, SID29 and SID30.
SELECT
  hadm_id,
  -- weights of 0 stand here because a flag that is not known makes the whole sum unknown
  7 * congestive_heart_failure
  - 1 * valvular_disease
  + 4 * pulmonary_circulation
  + 2 * peripheral_vascular
  + 0 * hypertension
  + 7 * paralysis
  + 6 * other_neurological
  + 3 * chronic_pulmonary
  + 0 * diabetes_uncomplicated
  + 0 * diabetes_complicated
  + 0 * hypothyroidism
  + 5 * renal_failure
  + 11 * liver_disease
  + 0 * peptic_ulcer
  + 0 * aids
  + 9 * lymphoma
  + 12 * metastatic_cancer
  + 4 * solid_tumor
  + 0 * rheumatoid_arthritis
  + 3 * coagulopathy
  - 4 * obesity
  + 6 * weight_loss
  + 5 * fluid_electrolyte
  - 2 * blood_loss_anemia
  - 2 * deficiency_anemias
  + 0 * alcohol_abuse
  - 7 * drug_abuse
  + 0 * psychoses
  - 3 * depression
  AS elixhauser_vanwalraven,
  9 * congestive_heart_failure
  + 0 * valvular_disease
  + 5 * pulmonary_circulation
  + 4 * peripheral_vascular
  - 1 * hypertension
  + 3 * paralysis
  + 4 * other_neurological
  + 3 * chronic_pulmonary
  - 1 * diabetes_uncomplicated
  + 0 * diabetes_complicated
  + 0 * hypothyroidism
  + 6 * renal_failure
  + 5 * liver_disease
  + 0 * peptic_ulcer
  + 0 * aids
  + 6 * lymphoma
  + 13 * metastatic_cancer
  + 8 * solid_tumor
  + 0 * rheumatoid_arthritis
  + 9 * coagulopathy
  - 4 * obesity
  + 8 * weight_loss
  + 9 * fluid_electrolyte
  - 2 * blood_loss_anemia
  + 0 * deficiency_anemias
  - 2 * alcohol_abuse
  - 8 * drug_abuse
  - 4 * psychoses
  - 4 * depression
  AS elixhauser_SID29,
  9 * congestive_heart_failure
  + 8 * cardiac_arrhythmias
  + 0 * valvular_disease
  + 5 * pulmonary_circulation
  + 4 * peripheral_vascular
  - 2 * hypertension
  + 4 * paralysis
  + 5 * other_neurological
  + 3 * chronic_pulmonary
  + 0 * diabetes_uncomplicated
  + 1 * diabetes_complicated
  + 0 * hypothyroidism
  + 7 * renal_failure
  + 7 * liver_disease
  + 0 * peptic_ulcer
  + 0 * aids
  + 8 * lymphoma
  + 17 * metastatic_cancer
  + 10 * solid_tumor
  + 0 * rheumatoid_arthritis
  + 12 * coagulopathy
  - 5 * obesity
  + 10 * weight_loss
  + 11 * fluid_electrolyte
  - 3 * blood_loss_anemia
  + 0 * deficiency_anemias
  + 0 * alcohol_abuse
  - 11 * drug_abuse
  - 6 * psychoses
  - 5 * depression
  AS elixhauser_SID30
FROM `physionet-data.mimiciii_derived.elixhauser_quan`
