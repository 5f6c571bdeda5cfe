-- White cell differential as percentages and absolute counts, one row per blood specimen.
WITH specimens AS (
  SELECT
    MAX(subject_id) AS subject_id,
    MAX(hadm_id) AS hadm_id,
    MAX(charttime) AS charttime,
    specimen_id,
    -- WBC Count, White Blood Cells, White Blood Cells
    MAX(CASE WHEN itemid IN (51300, 51301, 51755) THEN valuenum END) AS wbc,
    MAX(CASE WHEN itemid = 52069 THEN valuenum END) AS basophils_abs, -- Absolute Basophil Count
    MAX(CASE
      WHEN itemid = 52073 THEN valuenum -- Absolute Eosinophil Count, K/uL
      WHEN itemid = 51199 THEN valuenum / 1000 -- Eosinophil Count, #/uL
    END) AS eosinophils_abs,
    MAX(CASE
      WHEN itemid = 51133 THEN valuenum -- Absolute Lymphocyte Count, K/uL
      WHEN itemid = 52769 THEN valuenum / 1000 -- Absolute Lymphocyte Count, #/uL
    END) AS lymphocytes_abs,
    MAX(CASE
      WHEN itemid = 52074 THEN valuenum -- Absolute Monocyte Count, K/uL
      WHEN itemid = 51253 THEN valuenum / 1000 -- Monocyte Count, #/uL
    END) AS monocytes_abs,
    MAX(CASE WHEN itemid = 52075 THEN valuenum END) AS neutrophils_abs, -- Absolute Neutrophil Count
    MAX(CASE WHEN itemid = 51146 THEN valuenum END) AS basophils, -- Basophils
    MAX(CASE WHEN itemid = 51200 THEN valuenum END) AS eosinophils, -- Eosinophils
    MAX(CASE WHEN itemid IN (51244, 51245) THEN valuenum END) AS lymphocytes, -- Lymphocytes; Lymphocytes, Percent
    MAX(CASE WHEN itemid = 51254 THEN valuenum END) AS monocytes, -- Monocytes
    MAX(CASE WHEN itemid = 51256 THEN valuenum END) AS neutrophils, -- Neutrophils
    MAX(CASE WHEN itemid = 51143 THEN valuenum END) AS atypical_lymphocytes, -- Atypical Lymphocytes
    MAX(CASE WHEN itemid = 51144 THEN valuenum END) AS bands, -- Bands
    MAX(CASE WHEN itemid = 52135 THEN valuenum END) AS immature_granulocytes, -- Immature Granulocytes
    MAX(CASE WHEN itemid = 51251 THEN valuenum END) AS metamyelocytes, -- Metamyelocytes
    MAX(CASE WHEN itemid = 51257 THEN valuenum END) AS nrbc, -- Nucleated Red Cells
    -- the percentages of the five cell types together
    SUM(CASE WHEN itemid IN (51146, 51200, 51244, 51245, 51254, 51256) THEN valuenum END) AS percentages
  FROM `physionet-data.mimiciv_hosp.labevents`
  -- 51218 Granulocyte Count makes a row but has no column
  WHERE itemid IN (
      51133, 51143, 51144, 51146, 51199, 51200, 51218, 51244, 51245, 51251, 51253, 51254, 51256,
      51257, 51300, 51301, 51755, 52069, 52073, 52074, 52075, 52135, 52769
    )
    AND valuenum >= 0
  GROUP BY specimen_id
),

-- the white cell count by which a percentage may be turned into a count
scaled_specimens AS (
  SELECT
    *,
    CASE WHEN wbc > 0 AND percentages > 0 THEN wbc END AS wbc_for_counts
  FROM specimens
)

SELECT
  subject_id,
  hadm_id,
  charttime,
  specimen_id,
  wbc,
  ROUND(CAST(COALESCE(basophils_abs, basophils * wbc_for_counts / 100) AS NUMERIC), 4) AS basophils_abs,
  ROUND(CAST(COALESCE(eosinophils_abs, eosinophils * wbc_for_counts / 100) AS NUMERIC), 4) AS eosinophils_abs,
  ROUND(CAST(COALESCE(lymphocytes_abs, lymphocytes * wbc_for_counts / 100) AS NUMERIC), 4) AS lymphocytes_abs,
  ROUND(CAST(COALESCE(monocytes_abs, monocytes * wbc_for_counts / 100) AS NUMERIC), 4) AS monocytes_abs,
  ROUND(CAST(COALESCE(neutrophils_abs, neutrophils * wbc_for_counts / 100) AS NUMERIC), 4) AS neutrophils_abs,
  basophils,
  eosinophils,
  lymphocytes,
  monocytes,
  neutrophils,
  atypical_lymphocytes,
  bands,
  immature_granulocytes,
  metamyelocytes,
  nrbc
FROM scaled_specimens
