-- Sequential Organ Failure Assessment (SOFA) of the first day of each ICU stay.
WITH charted_weights AS (
  SELECT
    icustays.icustay_id,
    AVG(CASE
      WHEN chartevents.itemid = 3581 THEN chartevents.valuenum * 0.45359237 -- from pounds
      WHEN chartevents.itemid = 3582 THEN chartevents.valuenum * 0.0283495231 -- from ounces
      ELSE chartevents.valuenum
    END) AS weight
  FROM `physionet-data.mimiciii_clinical.icustays` AS icustays
  INNER JOIN `physionet-data.mimiciii_clinical.chartevents` AS chartevents
    ON chartevents.icustay_id = icustays.icustay_id
    AND chartevents.charttime >= DATETIME_SUB(icustays.intime, INTERVAL 1 DAY)
    AND chartevents.charttime <= DATETIME_ADD(icustays.intime, INTERVAL 1 DAY)
  WHERE chartevents.itemid IN (
      762,   -- Admit Wt
      763,   -- Daily Weight
      3723,  -- Birth Weight (kg)
      3580,  -- Present Weight  (kg)
      3581,  -- Present Weight  (lb)
      3582,  -- Present Weight  (oz)
      226512 -- Admission Weight (Kg)
    )
    AND chartevents.valuenum <> 0
    AND (chartevents.error IS NULL OR chartevents.error = 0)
  GROUP BY icustays.icustay_id
),

-- of echo reports of the admission from the week before the ICU stay on
echo_weights AS (
  SELECT
    icustays.icustay_id,
    AVG(echo_data.Weight * 0.45359237) AS weight -- from pounds
  FROM `physionet-data.mimiciii_clinical.icustays` AS icustays
  INNER JOIN `physionet-data.mimiciii_derived.echo_data` AS echo_data
    ON echo_data.HADM_ID = icustays.hadm_id
    AND echo_data.charttime > DATETIME_SUB(icustays.intime, INTERVAL 7 DAY)
    AND echo_data.charttime < DATETIME_ADD(icustays.intime, INTERVAL 1 DAY)
  GROUP BY icustays.icustay_id
),

-- a weight of 0 is none
weights AS (
  SELECT
    icustays.icustay_id,
    NULLIF(COALESCE(charted_weights.weight, echo_weights.weight), 0) AS weight
  FROM `physionet-data.mimiciii_clinical.icustays` AS icustays
  LEFT JOIN charted_weights
    ON charted_weights.icustay_id = icustays.icustay_id
  LEFT JOIN echo_weights
    ON echo_weights.icustay_id = icustays.icustay_id
),

-- in mcg/kg/min; two items are in mcg/min
carevue_rates AS (
  SELECT
    icustays.icustay_id,
    MAX(CASE
      WHEN inputevents.itemid = 30047 THEN inputevents.rate / weights.weight
      WHEN inputevents.itemid = 30120 THEN inputevents.rate
    END) AS rate_norepinephrine,
    MAX(CASE
      WHEN inputevents.itemid = 30044 THEN inputevents.rate / weights.weight
      WHEN inputevents.itemid IN (30119, 30309) THEN inputevents.rate
    END) AS rate_epinephrine,
    MAX(CASE WHEN inputevents.itemid IN (30043, 30307) THEN inputevents.rate END) AS rate_dopamine,
    MAX(CASE WHEN inputevents.itemid IN (30042, 30306) THEN inputevents.rate END) AS rate_dobutamine
  FROM `physionet-data.mimiciii_clinical.icustays` AS icustays
  INNER JOIN `physionet-data.mimiciii_clinical.inputevents_cv` AS inputevents
    ON inputevents.icustay_id = icustays.icustay_id
    AND inputevents.charttime >= icustays.intime
    AND inputevents.charttime <= DATETIME_ADD(icustays.intime, INTERVAL 1 DAY)
  INNER JOIN weights
    ON weights.icustay_id = icustays.icustay_id
  WHERE inputevents.itemid IN (
      30047, -- Levophed, in mcg/min
      30120, -- Levophed-k
      30044, -- Epinephrine, in mcg/min
      30119, -- Epinephrine-k
      30309, -- Epinephrine Drip
      30043, -- Dopamine
      30307, -- Dopamine Drip
      30042, -- Dobutamine
      30306  -- Dobutamine Drip
    )
    AND inputevents.rate IS NOT NULL
  GROUP BY icustays.icustay_id
),

metavision_rates AS (
  SELECT
    icustays.icustay_id,
    MAX(CASE WHEN inputevents.itemid = 221906 THEN inputevents.rate END) AS rate_norepinephrine,
    MAX(CASE WHEN inputevents.itemid = 221289 THEN inputevents.rate END) AS rate_epinephrine,
    MAX(CASE WHEN inputevents.itemid = 221662 THEN inputevents.rate END) AS rate_dopamine,
    MAX(CASE WHEN inputevents.itemid = 221653 THEN inputevents.rate END) AS rate_dobutamine
  FROM `physionet-data.mimiciii_clinical.icustays` AS icustays
  INNER JOIN `physionet-data.mimiciii_clinical.inputevents_mv` AS inputevents
    ON inputevents.icustay_id = icustays.icustay_id
    AND inputevents.starttime >= icustays.intime
    AND inputevents.starttime <= DATETIME_ADD(icustays.intime, INTERVAL 1 DAY)
  WHERE inputevents.itemid IN (
      221906, -- Norepinephrine
      221289, -- Epinephrine
      221662, -- Dopamine
      221653  -- Dobutamine
    )
    AND inputevents.statusdescription <> 'Rewritten'
  GROUP BY icustays.icustay_id
),

arterial_gases AS (
  SELECT
    gases.icustay_id,
    MIN(CASE WHEN ventilations.icustay_id IS NOT NULL THEN gases.PaO2FiO2 END) AS pf_vent,
    MIN(CASE WHEN ventilations.icustay_id IS NULL THEN gases.PaO2FiO2 END) AS pf_novent
  FROM `physionet-data.mimiciii_derived.blood_gas_first_day_arterial` AS gases
  LEFT JOIN `physionet-data.mimiciii_derived.ventilation_durations` AS ventilations
    ON ventilations.icustay_id = gases.icustay_id
    AND ventilations.starttime <= gases.charttime
    AND ventilations.endtime >= gases.charttime
  GROUP BY gases.icustay_id
),

measurements AS (
  SELECT
    icustays.subject_id,
    icustays.hadm_id,
    icustays.icustay_id,
    arterial_gases.pf_vent,
    arterial_gases.pf_novent,
    labs.platelet_min,
    labs.bilirubin_max,
    COALESCE(carevue_rates.rate_norepinephrine, metavision_rates.rate_norepinephrine) AS rate_norepinephrine,
    COALESCE(carevue_rates.rate_epinephrine, metavision_rates.rate_epinephrine) AS rate_epinephrine,
    COALESCE(carevue_rates.rate_dopamine, metavision_rates.rate_dopamine) AS rate_dopamine,
    COALESCE(carevue_rates.rate_dobutamine, metavision_rates.rate_dobutamine) AS rate_dobutamine,
    vitals.meanbp_min,
    gcs.mingcs,
    labs.creatinine_max,
    urine_output.urineoutput
  FROM `physionet-data.mimiciii_clinical.icustays` AS icustays
  LEFT JOIN arterial_gases
    ON arterial_gases.icustay_id = icustays.icustay_id
  LEFT JOIN carevue_rates
    ON carevue_rates.icustay_id = icustays.icustay_id
  LEFT JOIN metavision_rates
    ON metavision_rates.icustay_id = icustays.icustay_id
  LEFT JOIN `physionet-data.mimiciii_derived.gcs_first_day` AS gcs
    ON gcs.icustay_id = icustays.icustay_id
  LEFT JOIN `physionet-data.mimiciii_derived.vitals_first_day` AS vitals
    ON vitals.icustay_id = icustays.icustay_id
  LEFT JOIN `physionet-data.mimiciii_derived.urine_output_first_day` AS urine_output
    ON urine_output.icustay_id = icustays.icustay_id
  LEFT JOIN `physionet-data.mimiciii_derived.labs_first_day` AS labs
    ON labs.icustay_id = icustays.icustay_id
),

scores AS (
  SELECT
    subject_id,
    hadm_id,
    icustay_id,
    CASE
      WHEN pf_vent < 100 THEN 4
      WHEN pf_vent < 200 THEN 3
      WHEN pf_novent < 300 THEN 2
      WHEN pf_novent < 400 THEN 1
      WHEN pf_vent IS NULL AND pf_novent IS NULL THEN NULL
      ELSE 0
    END AS respiration,
    CASE
      WHEN platelet_min < 20 THEN 4
      WHEN platelet_min < 50 THEN 3
      WHEN platelet_min < 100 THEN 2
      WHEN platelet_min < 150 THEN 1
      WHEN platelet_min IS NULL THEN NULL
      ELSE 0
    END AS coagulation,
    CASE
      WHEN bilirubin_max >= 12.0 THEN 4
      WHEN bilirubin_max >= 6.0 THEN 3
      WHEN bilirubin_max >= 2.0 THEN 2
      WHEN bilirubin_max >= 1.2 THEN 1
      WHEN bilirubin_max IS NULL THEN NULL
      ELSE 0
    END AS liver,
    CASE
      WHEN rate_dopamine > 15 OR rate_epinephrine > 0.1 OR rate_norepinephrine > 0.1 THEN 4
      WHEN rate_dopamine > 5 OR rate_epinephrine <= 0.1 OR rate_norepinephrine <= 0.1 THEN 3
      WHEN rate_dopamine > 0 OR rate_dobutamine > 0 THEN 2
      WHEN meanbp_min < 70 THEN 1
      WHEN meanbp_min IS NULL
        AND rate_dopamine IS NULL
        AND rate_dobutamine IS NULL
        AND rate_epinephrine IS NULL
        AND rate_norepinephrine IS NULL
        THEN NULL
      ELSE 0
    END AS cardiovascular,
    CASE
      WHEN mingcs >= 13 AND mingcs <= 14 THEN 1
      WHEN mingcs >= 10 AND mingcs <= 12 THEN 2
      WHEN mingcs >= 6 AND mingcs <= 9 THEN 3
      WHEN mingcs < 6 THEN 4
      WHEN mingcs IS NULL THEN NULL
      ELSE 0
    END AS cns,
    CASE
      WHEN creatinine_max >= 5.0 THEN 4
      WHEN urineoutput < 200 THEN 4
      WHEN creatinine_max >= 3.5 AND creatinine_max < 5.0 THEN 3
      WHEN urineoutput < 500 THEN 3
      WHEN creatinine_max >= 2.0 AND creatinine_max < 3.5 THEN 2
      WHEN creatinine_max >= 1.2 AND creatinine_max < 2.0 THEN 1
      WHEN urineoutput IS NULL AND creatinine_max IS NULL THEN NULL
      ELSE 0
    END AS renal
  FROM measurements
)

SELECT
  subject_id,
  hadm_id,
  icustay_id,
  COALESCE(respiration, 0)
  + COALESCE(coagulation, 0)
  + COALESCE(liver, 0)
  + COALESCE(cardiovascular, 0)
  + COALESCE(cns, 0)
  + COALESCE(renal, 0)
  AS SOFA,
  respiration,
  coagulation,
  liver,
  cardiovascular,
  cns,
  renal
FROM scores
