-- The most specific CCS category of each ICD-9-CM diagnosis code, and its single-level category.
WITH tags AS (
  SELECT
    *,
    -- at the very end of a label the number of the single-level category may follow, as in [240.]
    REGEXP_EXTRACT(ccs_group1, r'\[([0-9]+)\.\]$') AS tag1,
    REGEXP_EXTRACT(ccs_group2, r'\[([0-9]+)\.\]$') AS tag2,
    REGEXP_EXTRACT(ccs_group3, r'\[([0-9]+)\.\]$') AS tag3,
    REGEXP_EXTRACT(ccs_group4, r'\[([0-9]+)\.\]$') AS tag4
  FROM `physionet-data.mimiciii_derived.ccs_multi_dx`
)

SELECT
  icd9_code,
  COALESCE(ccs_level4, ccs_level3, ccs_level2, ccs_level1) AS ccs_matched_id,
  -- only the tag goes, the blank before it stays
  REGEXP_REPLACE(
    COALESCE(ccs_group4, ccs_group3, ccs_group2, ccs_group1),
    r'\[[0-9]+\.\]$',
    ''
  ) AS ccs_matched_name,
  CASE
    WHEN tag4 IS NOT NULL THEN REGEXP_REPLACE(ccs_group4, r'\[[0-9]+\.\]$', '')
    WHEN tag3 IS NOT NULL THEN REGEXP_REPLACE(ccs_group3, r'\[[0-9]+\.\]$', '')
    WHEN tag2 IS NOT NULL THEN REGEXP_REPLACE(ccs_group2, r'\[[0-9]+\.\]$', '')
    WHEN tag1 IS NOT NULL THEN REGEXP_REPLACE(ccs_group1, r'\[[0-9]+\.\]$', '')
  END AS ccs_name,
  COALESCE(tag4, tag3, tag2, tag1) AS ccs_id,
  ccs_level1,
  ccs_group1,
  ccs_level2,
  ccs_group2,
  ccs_level3,
  ccs_group3,
  ccs_level4,
  ccs_group4
FROM tags
