-- Whether each ICU stay had mechanical ventilation on its first day.
SELECT
  icustays.subject_id,
  icustays.hadm_id,
  icustays.icustay_id,
  MAX(CASE WHEN durations.icustay_id IS NOT NULL THEN 1 ELSE 0 END) AS vent
FROM `physionet-data.mimiciii_clinical.icustays` AS icustays
LEFT JOIN `physionet-data.mimiciii_derived.ventilation_durations` AS durations
  ON durations.icustay_id = icustays.icustay_id
  AND (
    -- runs at the start of the stay, or starts on its first day
    (durations.starttime <= icustays.intime AND durations.endtime >= icustays.intime)
    OR (
      durations.starttime >= icustays.intime
      AND durations.starttime <= DATETIME_ADD(icustays.intime, INTERVAL 1 DAY)
    )
  )
GROUP BY
  icustays.subject_id,
  icustays.hadm_id,
  icustays.icustay_id
