-- Invasive vascular and intracranial lines of ICU stays, with the spellings of types and sites made one.
SELECT
  procedureevents.stay_id,
  CASE
    WHEN d_items.label IN ('Arterial Line', 'A-Line') THEN 'Arterial'
    WHEN d_items.label IN ('CCO PA Line', 'CCO PAC') THEN 'Continuous Cardiac Output PA'
    WHEN d_items.label IN ('Dialysis Catheter', 'Dialysis Line') THEN 'Dialysis'
    WHEN d_items.label IN ('Hickman', 'Tunneled (Hickman) Line') THEN 'Hickman'
    WHEN d_items.label IN ('IABP', 'IABP line') THEN 'IABP'
    WHEN d_items.label IN ('Multi Lumen', 'Multi-lumen') THEN 'Multi Lumen'
    WHEN d_items.label IN ('PA Catheter', 'PA line') THEN 'PA'
    WHEN d_items.label IN ('PICC Line', 'PICC line') THEN 'PICC'
    WHEN d_items.label IN ('Pre-Sep Catheter', 'Presep Catheter') THEN 'Pre-Sep'
    WHEN d_items.label IN ('Trauma Line', 'Trauma line') THEN 'Trauma'
    WHEN d_items.label IN ('Triple Introducer', 'TripleIntroducer') THEN 'Triple Introducer'
    WHEN d_items.label IN ('Portacath', 'Indwelling Port (PortaCath)') THEN 'Portacath'
    ELSE d_items.label
  END AS line_type,
  CASE
    WHEN procedureevents.location IN ('Left Antecub', 'Left Antecube') THEN 'Left Antecube'
    WHEN procedureevents.location IN ('Left Axilla', 'Left Axilla.') THEN 'Left Axilla'
    WHEN procedureevents.location IN ('Left Brachial', 'Left Brachial.') THEN 'Left Brachial'
    WHEN procedureevents.location IN ('Left Femoral', 'Left Femoral.') THEN 'Left Femoral'
    WHEN procedureevents.location IN ('Right Antecub', 'Right Antecube') THEN 'Right Antecube'
    WHEN procedureevents.location IN ('Right Axilla', 'Right Axilla.') THEN 'Right Axilla'
    WHEN procedureevents.location IN ('Right Brachial', 'Right Brachial.') THEN 'Right Brachial'
    WHEN procedureevents.location IN ('Right Femoral', 'Right Femoral.') THEN 'Right Femoral'
    ELSE procedureevents.location
  END AS line_site,
  procedureevents.starttime,
  procedureevents.endtime
FROM `physionet-data.mimiciv_icu.procedureevents` AS procedureevents
INNER JOIN `physionet-data.mimiciv_icu.d_items` AS d_items
  ON d_items.itemid = procedureevents.itemid
WHERE procedureevents.itemid IN (
    227719, -- AVA Line
    225752, -- Arterial Line
    224269, -- CCO PAC
    224267, -- Cordis/Introducer
    224270, -- Dialysis Catheter
    224272, -- IABP line
    226124, -- ICP Catheter
    228169, -- Impella Line
    225202, -- Indwelling Port (PortaCath)
    228286, -- Intraosseous Device
    225204, -- Midline
    224263, -- Multi Lumen
    224560, -- PA Catheter
    224264, -- PICC Line
    225203, -- Pheresis Catheter
    224273, -- Presep Catheter
    225205, -- RIC
    225789, -- Sheath
    225761, -- Sheath Insertion
    228201, -- Tandem Heart access (inflow) line
    228202, -- Tandem Heart return (outflow) line
    224268, -- Trauma line
    225199, -- Triple Introducer
    225315  -- Tunneled (Hickman) Line
  )
