-- Periods of one kind of respiratory support in each ICU stay.
WITH times AS (
  SELECT
    stay_id,
    charttime
  FROM `physionet-data.mimiciv_derived.ventilator_setting`

  UNION DISTINCT

  SELECT
    stay_id,
    charttime
  FROM `physionet-data.mimiciv_derived.oxygen_delivery`
),

-- the blanks at the end of some devices are in the data
classified_times AS (
  SELECT
    times.stay_id,
    times.charttime,
    CASE
      WHEN oxygen_delivery.o2_delivery_device_1 IN ('Tracheostomy tube', 'Trach mask ') THEN 'Tracheostomy'
      WHEN oxygen_delivery.o2_delivery_device_1 = 'Endotracheal tube'
        OR ventilator_setting.ventilator_mode IN (
          '(S) CMV', 'APRV', 'APRV/Biphasic+ApnPress', 'APRV/Biphasic+ApnVol', 'APV (cmv)', 'Ambient',
          'Apnea Ventilation', 'CMV', 'CMV/ASSIST', 'CMV/ASSIST/AutoFlow', 'CMV/AutoFlow', 'CPAP/PPS',
          'CPAP/PSV', 'CPAP/PSV+Apn TCPL', 'CPAP/PSV+ApnPres', 'CPAP/PSV+ApnVol', 'MMV', 'MMV/AutoFlow',
          'MMV/PSV', 'MMV/PSV/AutoFlow', 'P-CMV', 'PCV+', 'PCV+/PSV', 'PCV+Assist', 'PRES/AC', 'PRVC/AC',
          'PRVC/SIMV', 'PSV/SBT', 'SIMV', 'SIMV/AutoFlow', 'SIMV/PRES', 'SIMV/PSV', 'SIMV/PSV/AutoFlow',
          'SIMV/VOL', 'SYNCHRON MASTER', 'SYNCHRON SLAVE', 'VOL/AC'
        )
        OR ventilator_setting.ventilator_mode_hamilton IN (
          'APRV', 'APV (cmv)', 'Ambient', '(S) CMV', 'P-CMV', 'SIMV', 'APV (simv)', 'P-SIMV', 'VS', 'ASV'
        )
        THEN 'InvasiveVent'
      WHEN oxygen_delivery.o2_delivery_device_1 IN ('Bipap mask ', 'CPAP mask ')
        OR oxygen_delivery.o2_delivery_device_2 IN ('Bipap mask ', 'CPAP mask ')
        OR oxygen_delivery.o2_delivery_device_3 IN ('Bipap mask ', 'CPAP mask ')
        OR oxygen_delivery.o2_delivery_device_4 IN ('Bipap mask ', 'CPAP mask ')
        OR ventilator_setting.ventilator_mode_hamilton IN ('DuoPaP', 'NIV', 'NIV-ST')
        THEN 'NonInvasiveVent'
      WHEN oxygen_delivery.o2_delivery_device_1 = 'High flow nasal cannula' THEN 'HFNC'
      WHEN oxygen_delivery.o2_delivery_device_1 IN (
          'Non-rebreather', 'Face tent', 'Aerosol-cool', 'Venti mask ', 'Medium conc mask ', 'Ultrasonic neb',
          'Vapomist', 'Oxymizer', 'High flow neb', 'Nasal cannula'
        )
        THEN 'SupplementalOxygen'
      WHEN oxygen_delivery.o2_delivery_device_1 = 'None' THEN 'None'
    END AS ventilation_status
  FROM times
  LEFT JOIN `physionet-data.mimiciv_derived.ventilator_setting` AS ventilator_setting
    ON ventilator_setting.stay_id = times.stay_id
    AND ventilator_setting.charttime = times.charttime
  LEFT JOIN `physionet-data.mimiciv_derived.oxygen_delivery` AS oxygen_delivery
    ON oxygen_delivery.stay_id = times.stay_id
    AND oxygen_delivery.charttime = times.charttime
),

-- a stay has one status per time: the status in the order only makes that plain
neighbouring_times AS (
  SELECT
    stay_id,
    charttime,
    ventilation_status,
    LAG(charttime) OVER (PARTITION BY stay_id ORDER BY charttime, ventilation_status) AS previous_charttime,
    LAG(ventilation_status) OVER (PARTITION BY stay_id ORDER BY charttime, ventilation_status) AS previous_status,
    LEAD(charttime) OVER (PARTITION BY stay_id ORDER BY charttime, ventilation_status) AS next_charttime
  FROM classified_times
  WHERE ventilation_status IS NOT NULL
),

-- a new status or a silence of 14 clock hours starts a new period
marked_times AS (
  SELECT
    stay_id,
    charttime,
    ventilation_status,
    CASE
      WHEN previous_status IS NULL THEN 1
      WHEN previous_status <> ventilation_status THEN 1
      WHEN DATETIME_DIFF(charttime, previous_charttime, HOUR) >= 14 THEN 1
      ELSE 0
    END AS starts_period,
    -- a status holds until the next one unless a silence follows
    CASE
      WHEN DATETIME_DIFF(next_charttime, charttime, HOUR) < 14 THEN next_charttime
      ELSE charttime
    END AS holds_until
  FROM neighbouring_times
),

numbered_times AS (
  SELECT
    stay_id,
    charttime,
    ventilation_status,
    holds_until,
    SUM(starts_period) OVER (PARTITION BY stay_id ORDER BY charttime, ventilation_status) AS period_number
  FROM marked_times
)

SELECT
  stay_id,
  MIN(charttime) AS starttime,
  MAX(holds_until) AS endtime,
  MAX(ventilation_status) AS ventilation_status
FROM numbered_times
GROUP BY
  stay_id,
  period_number
-- periods of a single time are left out
HAVING MIN(charttime) <> MAX(charttime)
