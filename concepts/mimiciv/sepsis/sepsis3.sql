-- Sepsis-3 onset: the first suspected infection of an ICU stay with a SOFA of at least 2 around it.
WITH sepsis_hours AS (
  SELECT
    suspicion.subject_id,
    suspicion.stay_id,
    suspicion.antibiotic_time,
    suspicion.culture_time,
    suspicion.suspected_infection_time,
    suspicion.suspected_infection,
    sofa.endtime AS sofa_time,
    sofa.sofa_24hours AS sofa_score,
    sofa.respiration_24hours AS respiration,
    sofa.coagulation_24hours AS coagulation,
    sofa.liver_24hours AS liver,
    sofa.cardiovascular_24hours AS cardiovascular,
    sofa.cns_24hours AS cns,
    sofa.renal_24hours AS renal,
    -- the earliest suspicion, then its earliest hour; the three ids only make the order total
    ROW_NUMBER() OVER (
      PARTITION BY suspicion.stay_id
      ORDER BY
        suspicion.suspected_infection_time,
        suspicion.antibiotic_time,
        suspicion.culture_time,
        sofa.endtime,
        sofa.hr,
        suspicion.subject_id,
        suspicion.ab_id
    ) AS hour_number
  FROM `physionet-data.mimiciv_derived.suspicion_of_infection` AS suspicion
  INNER JOIN `physionet-data.mimiciv_derived.sofa` AS sofa
    ON sofa.stay_id = suspicion.stay_id
    AND sofa.endtime >= DATETIME_SUB(suspicion.suspected_infection_time, INTERVAL 48 HOUR)
    AND sofa.endtime <= DATETIME_ADD(suspicion.suspected_infection_time, INTERVAL 24 HOUR)
  WHERE sofa.sofa_24hours >= 2
)

SELECT
  subject_id,
  stay_id,
  antibiotic_time,
  culture_time,
  suspected_infection_time,
  sofa_time,
  sofa_score,
  respiration,
  coagulation,
  liver,
  cardiovascular,
  cns,
  renal,
  sofa_score >= 2 AND suspected_infection = 1 AS sepsis3
FROM sepsis_hours
WHERE hour_number = 1
