-- Lowest and highest laboratory values on the first day of each ICU stay.
WITH first_days AS (
  SELECT
    subject_id,
    stay_id,
    DATETIME_SUB(intime, INTERVAL 6 HOUR) AS starttime,
    DATETIME_ADD(intime, INTERVAL 1 DAY) AS endtime
  FROM `physionet-data.mimiciv_icu.icustays`
),

-- by patient: laboratory specimens know no ICU stay
complete_blood_count_extremes AS (
  SELECT
    first_days.stay_id,
    MIN(complete_blood_count.hematocrit) AS hematocrit_min,
    MAX(complete_blood_count.hematocrit) AS hematocrit_max,
    MIN(complete_blood_count.hemoglobin) AS hemoglobin_min,
    MAX(complete_blood_count.hemoglobin) AS hemoglobin_max,
    MIN(complete_blood_count.platelet) AS platelets_min,
    MAX(complete_blood_count.platelet) AS platelets_max,
    MIN(complete_blood_count.wbc) AS wbc_min,
    MAX(complete_blood_count.wbc) AS wbc_max
  FROM first_days
  INNER JOIN `physionet-data.mimiciv_derived.complete_blood_count` AS complete_blood_count
    ON complete_blood_count.subject_id = first_days.subject_id
    AND complete_blood_count.charttime >= first_days.starttime
    AND complete_blood_count.charttime <= first_days.endtime
  GROUP BY first_days.stay_id
),

chemistry_extremes AS (
  SELECT
    first_days.stay_id,
    MIN(chemistry.albumin) AS albumin_min,
    MAX(chemistry.albumin) AS albumin_max,
    MIN(chemistry.globulin) AS globulin_min,
    MAX(chemistry.globulin) AS globulin_max,
    MIN(chemistry.total_protein) AS total_protein_min,
    MAX(chemistry.total_protein) AS total_protein_max,
    MIN(chemistry.aniongap) AS aniongap_min,
    MAX(chemistry.aniongap) AS aniongap_max,
    MIN(chemistry.bicarbonate) AS bicarbonate_min,
    MAX(chemistry.bicarbonate) AS bicarbonate_max,
    MIN(chemistry.bun) AS bun_min,
    MAX(chemistry.bun) AS bun_max,
    MIN(chemistry.calcium) AS calcium_min,
    MAX(chemistry.calcium) AS calcium_max,
    MIN(chemistry.chloride) AS chloride_min,
    MAX(chemistry.chloride) AS chloride_max,
    MIN(chemistry.creatinine) AS creatinine_min,
    MAX(chemistry.creatinine) AS creatinine_max,
    MIN(chemistry.glucose) AS glucose_min,
    MAX(chemistry.glucose) AS glucose_max,
    MIN(chemistry.sodium) AS sodium_min,
    MAX(chemistry.sodium) AS sodium_max,
    MIN(chemistry.potassium) AS potassium_min,
    MAX(chemistry.potassium) AS potassium_max
  FROM first_days
  INNER JOIN `physionet-data.mimiciv_derived.chemistry` AS chemistry
    ON chemistry.subject_id = first_days.subject_id
    AND chemistry.charttime >= first_days.starttime
    AND chemistry.charttime <= first_days.endtime
  GROUP BY first_days.stay_id
),

blood_differential_extremes AS (
  SELECT
    first_days.stay_id,
    MIN(blood_differential.basophils_abs) AS abs_basophils_min,
    MAX(blood_differential.basophils_abs) AS abs_basophils_max,
    MIN(blood_differential.eosinophils_abs) AS abs_eosinophils_min,
    MAX(blood_differential.eosinophils_abs) AS abs_eosinophils_max,
    MIN(blood_differential.lymphocytes_abs) AS abs_lymphocytes_min,
    MAX(blood_differential.lymphocytes_abs) AS abs_lymphocytes_max,
    MIN(blood_differential.monocytes_abs) AS abs_monocytes_min,
    MAX(blood_differential.monocytes_abs) AS abs_monocytes_max,
    MIN(blood_differential.neutrophils_abs) AS abs_neutrophils_min,
    MAX(blood_differential.neutrophils_abs) AS abs_neutrophils_max,
    MIN(blood_differential.atypical_lymphocytes) AS atyps_min,
    MAX(blood_differential.atypical_lymphocytes) AS atyps_max,
    MIN(blood_differential.bands) AS bands_min,
    MAX(blood_differential.bands) AS bands_max,
    MIN(blood_differential.immature_granulocytes) AS imm_granulocytes_min,
    MAX(blood_differential.immature_granulocytes) AS imm_granulocytes_max,
    MIN(blood_differential.metamyelocytes) AS metas_min,
    MAX(blood_differential.metamyelocytes) AS metas_max,
    MIN(blood_differential.nrbc) AS nrbc_min,
    MAX(blood_differential.nrbc) AS nrbc_max
  FROM first_days
  INNER JOIN `physionet-data.mimiciv_derived.blood_differential` AS blood_differential
    ON blood_differential.subject_id = first_days.subject_id
    AND blood_differential.charttime >= first_days.starttime
    AND blood_differential.charttime <= first_days.endtime
  GROUP BY first_days.stay_id
),

coagulation_extremes AS (
  SELECT
    first_days.stay_id,
    MIN(coagulation.d_dimer) AS d_dimer_min,
    MAX(coagulation.d_dimer) AS d_dimer_max,
    MIN(coagulation.fibrinogen) AS fibrinogen_min,
    MAX(coagulation.fibrinogen) AS fibrinogen_max,
    MIN(coagulation.thrombin) AS thrombin_min,
    MAX(coagulation.thrombin) AS thrombin_max,
    MIN(coagulation.inr) AS inr_min,
    MAX(coagulation.inr) AS inr_max,
    MIN(coagulation.pt) AS pt_min,
    MAX(coagulation.pt) AS pt_max,
    MIN(coagulation.ptt) AS ptt_min,
    MAX(coagulation.ptt) AS ptt_max
  FROM first_days
  INNER JOIN `physionet-data.mimiciv_derived.coagulation` AS coagulation
    ON coagulation.subject_id = first_days.subject_id
    AND coagulation.charttime >= first_days.starttime
    AND coagulation.charttime <= first_days.endtime
  GROUP BY first_days.stay_id
),

enzyme_extremes AS (
  SELECT
    first_days.stay_id,
    MIN(enzyme.alt) AS alt_min,
    MAX(enzyme.alt) AS alt_max,
    MIN(enzyme.alp) AS alp_min,
    MAX(enzyme.alp) AS alp_max,
    MIN(enzyme.ast) AS ast_min,
    MAX(enzyme.ast) AS ast_max,
    MIN(enzyme.amylase) AS amylase_min,
    MAX(enzyme.amylase) AS amylase_max,
    MIN(enzyme.bilirubin_total) AS bilirubin_total_min,
    MAX(enzyme.bilirubin_total) AS bilirubin_total_max,
    MIN(enzyme.bilirubin_direct) AS bilirubin_direct_min,
    MAX(enzyme.bilirubin_direct) AS bilirubin_direct_max,
    MIN(enzyme.bilirubin_indirect) AS bilirubin_indirect_min,
    MAX(enzyme.bilirubin_indirect) AS bilirubin_indirect_max,
    MIN(enzyme.ck_cpk) AS ck_cpk_min,
    MAX(enzyme.ck_cpk) AS ck_cpk_max,
    MIN(enzyme.ck_mb) AS ck_mb_min,
    MAX(enzyme.ck_mb) AS ck_mb_max,
    MIN(enzyme.ggt) AS ggt_min,
    MAX(enzyme.ggt) AS ggt_max,
    MIN(enzyme.ld_ldh) AS ld_ldh_min,
    MAX(enzyme.ld_ldh) AS ld_ldh_max
  FROM first_days
  INNER JOIN `physionet-data.mimiciv_derived.enzyme` AS enzyme
    ON enzyme.subject_id = first_days.subject_id
    AND enzyme.charttime >= first_days.starttime
    AND enzyme.charttime <= first_days.endtime
  GROUP BY first_days.stay_id
)

SELECT
  icustays.subject_id,
  icustays.stay_id,
  complete_blood_count_extremes.hematocrit_min,
  complete_blood_count_extremes.hematocrit_max,
  complete_blood_count_extremes.hemoglobin_min,
  complete_blood_count_extremes.hemoglobin_max,
  complete_blood_count_extremes.platelets_min,
  complete_blood_count_extremes.platelets_max,
  complete_blood_count_extremes.wbc_min,
  complete_blood_count_extremes.wbc_max,
  chemistry_extremes.albumin_min,
  chemistry_extremes.albumin_max,
  chemistry_extremes.globulin_min,
  chemistry_extremes.globulin_max,
  chemistry_extremes.total_protein_min,
  chemistry_extremes.total_protein_max,
  chemistry_extremes.aniongap_min,
  chemistry_extremes.aniongap_max,
  chemistry_extremes.bicarbonate_min,
  chemistry_extremes.bicarbonate_max,
  chemistry_extremes.bun_min,
  chemistry_extremes.bun_max,
  chemistry_extremes.calcium_min,
  chemistry_extremes.calcium_max,
  chemistry_extremes.chloride_min,
  chemistry_extremes.chloride_max,
  chemistry_extremes.creatinine_min,
  chemistry_extremes.creatinine_max,
  chemistry_extremes.glucose_min,
  chemistry_extremes.glucose_max,
  chemistry_extremes.sodium_min,
  chemistry_extremes.sodium_max,
  chemistry_extremes.potassium_min,
  chemistry_extremes.potassium_max,
  blood_differential_extremes.abs_basophils_min,
  blood_differential_extremes.abs_basophils_max,
  blood_differential_extremes.abs_eosinophils_min,
  blood_differential_extremes.abs_eosinophils_max,
  blood_differential_extremes.abs_lymphocytes_min,
  blood_differential_extremes.abs_lymphocytes_max,
  blood_differential_extremes.abs_monocytes_min,
  blood_differential_extremes.abs_monocytes_max,
  blood_differential_extremes.abs_neutrophils_min,
  blood_differential_extremes.abs_neutrophils_max,
  blood_differential_extremes.atyps_min,
  blood_differential_extremes.atyps_max,
  blood_differential_extremes.bands_min,
  blood_differential_extremes.bands_max,
  blood_differential_extremes.imm_granulocytes_min,
  blood_differential_extremes.imm_granulocytes_max,
  blood_differential_extremes.metas_min,
  blood_differential_extremes.metas_max,
  blood_differential_extremes.nrbc_min,
  blood_differential_extremes.nrbc_max,
  coagulation_extremes.d_dimer_min,
  coagulation_extremes.d_dimer_max,
  coagulation_extremes.fibrinogen_min,
  coagulation_extremes.fibrinogen_max,
  coagulation_extremes.thrombin_min,
  coagulation_extremes.thrombin_max,
  coagulation_extremes.inr_min,
  coagulation_extremes.inr_max,
  coagulation_extremes.pt_min,
  coagulation_extremes.pt_max,
  coagulation_extremes.ptt_min,
  coagulation_extremes.ptt_max,
  enzyme_extremes.alt_min,
  enzyme_extremes.alt_max,
  enzyme_extremes.alp_min,
  enzyme_extremes.alp_max,
  enzyme_extremes.ast_min,
  enzyme_extremes.ast_max,
  enzyme_extremes.amylase_min,
  enzyme_extremes.amylase_max,
  enzyme_extremes.bilirubin_total_min,
  enzyme_extremes.bilirubin_total_max,
  enzyme_extremes.bilirubin_direct_min,
  enzyme_extremes.bilirubin_direct_max,
  enzyme_extremes.bilirubin_indirect_min,
  enzyme_extremes.bilirubin_indirect_max,
  enzyme_extremes.ck_cpk_min,
  enzyme_extremes.ck_cpk_max,
  enzyme_extremes.ck_mb_min,
  enzyme_extremes.ck_mb_max,
  enzyme_extremes.ggt_min,
  enzyme_extremes.ggt_max,
  enzyme_extremes.ld_ldh_min,
  enzyme_extremes.ld_ldh_max
FROM `physionet-data.mimiciv_icu.icustays` AS icustays
LEFT JOIN complete_blood_count_extremes
  ON complete_blood_count_extremes.stay_id = icustays.stay_id
LEFT JOIN chemistry_extremes
  ON chemistry_extremes.stay_id = icustays.stay_id
LEFT JOIN blood_differential_extremes
  ON blood_differential_extremes.stay_id = icustays.stay_id
LEFT JOIN coagulation_extremes
  ON coagulation_extremes.stay_id = icustays.stay_id
LEFT JOIN enzyme_extremes
  ON enzyme_extremes.stay_id = icustays.stay_id
