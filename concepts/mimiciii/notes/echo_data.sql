-- What echocardiography reports say of the study and of the patient, one row per report.
SELECT
  row_id AS ROW_ID,
  subject_id,
  hadm_id,
  chartdate,
  -- the report has a day only: the time of day is in the text
  DATETIME(
    CAST(chartdate AS DATE),
    SAFE.PARSE_TIME('%H:%M', REGEXP_EXTRACT(text, r'Date/Time: .+? at ([0-9]+:[0-9]{2})'))
  ) AS charttime,
  REGEXP_EXTRACT(text, r'Indication: (.*)\n') AS Indication,
  SAFE_CAST(REGEXP_EXTRACT(text, r'Height: \(in\) ([0-9]+)') AS NUMERIC) AS Height,
  SAFE_CAST(REGEXP_EXTRACT(text, r'Weight \(lb\): ([0-9]+)\n') AS NUMERIC) AS Weight,
  SAFE_CAST(REGEXP_EXTRACT(text, r'BSA \(m2\): ([0-9]+) m2\n') AS NUMERIC) AS BSA,
  REGEXP_EXTRACT(text, r'BP \(mm Hg\): (.+)\n') AS BP,
  SAFE_CAST(REGEXP_EXTRACT(text, r'BP \(mm Hg\): ([0-9]+)/[0-9]+\n') AS NUMERIC) AS BPSys,
  SAFE_CAST(REGEXP_EXTRACT(text, r'BP \(mm Hg\): [0-9]+/([0-9]+)\n') AS NUMERIC) AS BPDias,
  SAFE_CAST(REGEXP_EXTRACT(text, r'HR \(bpm\): ([0-9]+)\n') AS NUMERIC) AS HR,
  REGEXP_EXTRACT(text, r'Status: (.*)\n') AS Status,
  REGEXP_EXTRACT(text, r'Test: (.*)\n') AS Test,
  REGEXP_EXTRACT(text, r'Doppler: (.*)\n') AS Doppler,
  REGEXP_EXTRACT(text, r'Contrast: (.*)\n') AS Contrast,
  REGEXP_EXTRACT(text, r'Technical Quality: (.*)\n') AS TechnicalQuality
FROM `physionet-data.mimiciii_notes.noteevents`
WHERE category = 'Echo'
