-- Oxygen flow at each charted time, with up to four delivery devices charted at that same time.
WITH flow_entries AS (
  SELECT
    subject_id,
    stay_id,
    charttime,
    storetime,
    CASE
      WHEN itemid IN (
        223834, -- O2 Flow
        227582  -- BiPap O2 Flow
      ) THEN 'main'
      ELSE 'additional'
    END AS flow_kind,
    valuenum
  FROM `physionet-data.mimiciv_icu.chartevents`
  WHERE itemid IN (
      223834,
      227582,
      227287 -- O2 Flow (additional cannula)
    )
    AND value IS NOT NULL
),

numbered_flow_entries AS (
  SELECT
    subject_id,
    stay_id,
    charttime,
    flow_kind,
    valuenum,
    ROW_NUMBER() OVER (
      PARTITION BY subject_id, charttime, flow_kind
      ORDER BY storetime DESC, valuenum DESC, stay_id DESC
    ) AS entry_number
  FROM flow_entries
),

-- of several entries of one kind the one stored last counts
flows AS (
  SELECT
    subject_id,
    MAX(stay_id) AS stay_id,
    charttime,
    MAX(CASE WHEN flow_kind = 'main' THEN valuenum END) AS o2_flow,
    MAX(CASE WHEN flow_kind = 'additional' THEN valuenum END) AS o2_flow_additional
  FROM numbered_flow_entries
  WHERE entry_number = 1
  GROUP BY
    subject_id,
    charttime
),

device_entries AS (
  SELECT
    subject_id,
    charttime,
    value AS device,
    ROW_NUMBER() OVER (PARTITION BY subject_id, charttime ORDER BY storetime DESC, value DESC) AS device_number
  FROM `physionet-data.mimiciv_icu.chartevents`
  WHERE itemid = 226732 -- O2 Delivery Device(s)
),

devices AS (
  SELECT
    subject_id,
    charttime,
    MAX(CASE WHEN device_number = 1 THEN device END) AS o2_delivery_device_1,
    MAX(CASE WHEN device_number = 2 THEN device END) AS o2_delivery_device_2,
    MAX(CASE WHEN device_number = 3 THEN device END) AS o2_delivery_device_3,
    MAX(CASE WHEN device_number = 4 THEN device END) AS o2_delivery_device_4
  FROM device_entries
  GROUP BY
    subject_id,
    charttime
)

-- devices charted without any flow are left out, as in the published table
SELECT
  flows.subject_id,
  flows.stay_id,
  flows.charttime,
  flows.o2_flow,
  flows.o2_flow_additional,
  devices.o2_delivery_device_1,
  devices.o2_delivery_device_2,
  devices.o2_delivery_device_3,
  devices.o2_delivery_device_4
FROM flows
LEFT JOIN devices
  ON devices.subject_id = flows.subject_id
  AND devices.charttime = flows.charttime
