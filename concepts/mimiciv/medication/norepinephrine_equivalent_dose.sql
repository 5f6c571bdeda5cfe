-- All vasopressors of a time slice as one norepinephrine-equivalent rate in mcg/kg/min.
SELECT
  stay_id,
  starttime,
  endtime,
  ROUND(CAST(
    COALESCE(norepinephrine, 0)
    + COALESCE(epinephrine, 0)
    + COALESCE(phenylephrine / 10, 0)
    + COALESCE(dopamine / 100, 0)
    + COALESCE(vasopressin * 2.5 / 60, 0) -- units/hour
    AS NUMERIC), 4) AS norepinephrine_equivalent_dose
FROM `physionet-data.mimiciv_derived.vasoactive_agent`
WHERE norepinephrine IS NOT NULL
  OR epinephrine IS NOT NULL
  OR phenylephrine IS NOT NULL
  OR dopamine IS NOT NULL
  OR vasopressin IS NOT NULL
