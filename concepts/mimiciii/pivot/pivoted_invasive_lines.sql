-- Invasive vascular and intracranial lines of ICU stays, with the spellings of types and sites made one.
-- CareVue charts the type and the site of up to eight lines; of several entries for one time the last stored counts
WITH entries AS (
  SELECT
    icustay_id,
    charttime,
    itemid,
    value,
    CASE stopped
      WHEN "D/C'd" THEN 1
      WHEN 'NotStopd' THEN 0
    END AS is_discontinued,
    ROW_NUMBER() OVER (
      PARTITION BY icustay_id, charttime, itemid
      ORDER BY storetime DESC, row_id DESC
    ) AS entry_number
  FROM `physionet-data.mimiciii_clinical.chartevents`
  WHERE itemid IN (
      229, 235, 241, 247, 253, 259, 265, 271,        -- INV Line#1 [Type] to INV Line#8 [Type]
      8392, 8393, 8394, 8395, 8396, 8397, 8398, 8399 -- INV Line#1 [Site] to INV Line#8 [Site]
    )
    AND icustay_id IS NOT NULL
    AND (error IS NULL OR error = 0)
),

numbered_entries AS (
  SELECT
    icustay_id,
    charttime,
    CASE
      WHEN itemid IN (229, 8392) THEN 1
      WHEN itemid IN (235, 8393) THEN 2
      WHEN itemid IN (241, 8394) THEN 3
      WHEN itemid IN (247, 8395) THEN 4
      WHEN itemid IN (253, 8396) THEN 5
      WHEN itemid IN (259, 8397) THEN 6
      WHEN itemid IN (265, 8398) THEN 7
      WHEN itemid IN (271, 8399) THEN 8
    END AS line_number,
    CASE WHEN itemid < 8392 THEN value END AS line_type,
    CASE WHEN itemid >= 8392 THEN value END AS line_site,
    is_discontinued
  FROM entries
  WHERE entry_number = 1
),

charted_lines AS (
  SELECT
    icustay_id,
    charttime,
    line_number,
    MAX(line_type) AS line_type,
    MAX(line_site) AS line_site,
    MAX(is_discontinued) AS is_discontinued
  FROM numbered_entries
  GROUP BY
    icustay_id,
    charttime,
    line_number
),

neighbouring_lines AS (
  SELECT
    *,
    LAG(charttime) OVER line_times AS previous_charttime,
    LAG(line_type) OVER line_times AS previous_line_type,
    LAG(is_discontinued) OVER line_times AS previous_is_discontinued
  FROM charted_lines
  WINDOW line_times AS (PARTITION BY icustay_id, line_number ORDER BY charttime)
),

-- the end of the line before, another type, or a silence of 16 clock hours starts a new episode
numbered_lines AS (
  SELECT
    icustay_id,
    charttime,
    line_number,
    line_type,
    line_site,
    is_discontinued,
    SUM(
      CASE
        WHEN previous_is_discontinued = 1 THEN 1
        WHEN previous_line_type = line_type AND DATETIME_DIFF(charttime, previous_charttime, HOUR) < 16 THEN 0
        ELSE 1
      END
    ) OVER (PARTITION BY icustay_id, line_number ORDER BY charttime) AS episode
  FROM neighbouring_lines
),

carevue_lines AS (
  SELECT
    icustay_id,
    line_type,
    line_site,
    MIN(charttime) AS starttime,
    MAX(charttime) AS endtime
  FROM numbered_lines
  WHERE is_discontinued = 0
  GROUP BY
    icustay_id,
    line_number,
    episode,
    line_type,
    line_site
),

metavision_lines AS (
  SELECT
    procedureevents_mv.icustay_id,
    d_items.label AS line_type,
    procedureevents_mv.location AS line_site,
    procedureevents_mv.starttime,
    procedureevents_mv.endtime
  FROM `physionet-data.mimiciii_clinical.procedureevents_mv` AS procedureevents_mv
  INNER JOIN `physionet-data.mimiciii_clinical.d_items` AS d_items
    ON d_items.itemid = procedureevents_mv.itemid
  WHERE procedureevents_mv.itemid IN (
      224263, -- Multi Lumen
      224264, -- PICC Line
      224267, -- Cordis/Introducer
      224268, -- Trauma line
      224269, -- CCO PAC
      224270, -- Dialysis Catheter
      224272, -- IABP line
      224273, -- Presep Catheter
      224560, -- PA Catheter
      225199, -- Triple Introducer
      225202, -- Indwelling Port (PortaCath)
      225203, -- Pheresis Catheter
      225204, -- Midline
      225205, -- RIC
      225315, -- Tunneled (Hickman) Line
      225752, -- Arterial Line
      225761, -- Sheath Insertion
      225789, -- Sheath
      226124, -- ICP Catheter
      227719, -- AVA Line
      228169, -- Impella Line
      228201, -- Tandem Heart Access Line
      228202, -- Tandem Heart Return Line
      228286  -- Intraosseous Device
    )
    AND procedureevents_mv.icustay_id IS NOT NULL
    AND procedureevents_mv.statusdescription <> 'Rewritten'
),

lines AS (
  SELECT icustay_id, line_type, line_site, starttime, endtime FROM carevue_lines
  UNION DISTINCT
  SELECT icustay_id, line_type, line_site, starttime, endtime FROM metavision_lines
)

SELECT
  icustay_id,
  CASE
    WHEN line_type IN ('Arterial Line', 'A-Line') THEN 'Arterial'
    WHEN line_type IN ('CCO PA Line', 'CCO PAC') THEN 'Continuous Cardiac Output PA'
    WHEN line_type IN ('Dialysis Catheter', 'Dialysis Line') THEN 'Dialysis'
    WHEN line_type IN ('Hickman', 'Tunneled (Hickman) Line') THEN 'Hickman'
    WHEN line_type IN ('IABP', 'IABP line') THEN 'IABP'
    WHEN line_type IN ('Multi Lumen', 'Multi-lumen') THEN 'Multi Lumen'
    WHEN line_type IN ('PA Catheter', 'PA line') THEN 'PA'
    WHEN line_type IN ('PICC Line', 'PICC line') THEN 'PICC'
    WHEN line_type IN ('Pre-Sep Catheter', 'Presep Catheter') THEN 'Pre-Sep'
    WHEN line_type IN ('Trauma Line', 'Trauma line') THEN 'Trauma'
    WHEN line_type IN ('Triple Introducer', 'TripleIntroducer') THEN 'Triple Introducer'
    WHEN line_type IN ('Portacath', 'Indwelling Port (PortaCath)') THEN 'Portacath'
    ELSE line_type
  END AS line_type,
  CASE
    WHEN line_site IN ('Left Antecub', 'Left Antecube') THEN 'Left Antecube'
    WHEN line_site IN ('Left Axilla', 'Left Axilla.') THEN 'Left Axilla'
    WHEN line_site IN ('Left Brachial', 'Left Brachial.') THEN 'Left Brachial'
    WHEN line_site IN ('Left Femoral', 'Left Femoral.') THEN 'Left Femoral'
    WHEN line_site IN ('Right Antecub', 'Right Antecube') THEN 'Right Antecube'
    WHEN line_site IN ('Right Axilla', 'Right Axilla.') THEN 'Right Axilla'
    WHEN line_site IN ('Right Brachial', 'Right Brachial.') THEN 'Right Brachial'
    WHEN line_site IN ('Right Femoral', 'Right Femoral.') THEN 'Right Femoral'
    ELSE line_site
  END AS line_site,
  starttime,
  endtime
FROM lines
