-- The rate of each vasoactive drug in every time slice of an ICU stay, cut wherever one of them starts or ends.
WITH records AS (
  SELECT stay_id, starttime, endtime FROM `physionet-data.mimiciv_derived.dopamine`
  UNION ALL
  SELECT stay_id, starttime, endtime FROM `physionet-data.mimiciv_derived.epinephrine`
  UNION ALL
  SELECT stay_id, starttime, endtime FROM `physionet-data.mimiciv_derived.norepinephrine`
  UNION ALL
  SELECT stay_id, starttime, endtime FROM `physionet-data.mimiciv_derived.phenylephrine`
  UNION ALL
  SELECT stay_id, starttime, endtime FROM `physionet-data.mimiciv_derived.vasopressin`
  UNION ALL
  SELECT stay_id, starttime, endtime FROM `physionet-data.mimiciv_derived.dobutamine`
  UNION ALL
  SELECT stay_id, starttime, endtime FROM `physionet-data.mimiciv_derived.milrinone`
),

cut_points AS (
  SELECT stay_id, starttime AS cut_time FROM records
  UNION DISTINCT
  SELECT stay_id, endtime AS cut_time FROM records
),

slices AS (
  SELECT
    stay_id,
    cut_time AS starttime,
    LEAD(cut_time) OVER (PARTITION BY stay_id ORDER BY cut_time) AS endtime
  FROM cut_points
)

SELECT
  slices.stay_id,
  slices.starttime,
  slices.endtime,
  dopamine.vaso_rate AS dopamine,
  epinephrine.vaso_rate AS epinephrine,
  norepinephrine.vaso_rate AS norepinephrine,
  phenylephrine.vaso_rate AS phenylephrine,
  vasopressin.vaso_rate AS vasopressin,
  dobutamine.vaso_rate AS dobutamine,
  milrinone.vaso_rate AS milrinone
FROM slices
LEFT JOIN `physionet-data.mimiciv_derived.dopamine` AS dopamine
  ON dopamine.stay_id = slices.stay_id
  AND dopamine.starttime <= slices.starttime
  AND dopamine.endtime >= slices.endtime
LEFT JOIN `physionet-data.mimiciv_derived.epinephrine` AS epinephrine
  ON epinephrine.stay_id = slices.stay_id
  AND epinephrine.starttime <= slices.starttime
  AND epinephrine.endtime >= slices.endtime
LEFT JOIN `physionet-data.mimiciv_derived.norepinephrine` AS norepinephrine
  ON norepinephrine.stay_id = slices.stay_id
  AND norepinephrine.starttime <= slices.starttime
  AND norepinephrine.endtime >= slices.endtime
LEFT JOIN `physionet-data.mimiciv_derived.phenylephrine` AS phenylephrine
  ON phenylephrine.stay_id = slices.stay_id
  AND phenylephrine.starttime <= slices.starttime
  AND phenylephrine.endtime >= slices.endtime
LEFT JOIN `physionet-data.mimiciv_derived.vasopressin` AS vasopressin
  ON vasopressin.stay_id = slices.stay_id
  AND vasopressin.starttime <= slices.starttime
  AND vasopressin.endtime >= slices.endtime
LEFT JOIN `physionet-data.mimiciv_derived.dobutamine` AS dobutamine
  ON dobutamine.stay_id = slices.stay_id
  AND dobutamine.starttime <= slices.starttime
  AND dobutamine.endtime >= slices.endtime
LEFT JOIN `physionet-data.mimiciv_derived.milrinone` AS milrinone
  ON milrinone.stay_id = slices.stay_id
  AND milrinone.starttime <= slices.starttime
  AND milrinone.endtime >= slices.endtime
-- the last cut point of a stay starts no slice
WHERE slices.endtime IS NOT NULL
