-- Last value before an event: mean arterial pressure before each start of norepinephrine.
SELECT n.stay_id, n.orderid, n.starttime, c.charttime, c.valuenum AS mbp
FROM `physionet-data.mimiciv_icu.inputevents` AS n
LEFT JOIN `physionet-data.mimiciv_icu.chartevents` AS c
  ON c.stay_id = n.stay_id AND c.itemid IN (220052, 220181) AND c.charttime <= n.starttime
  AND c.charttime >= DATETIME_SUB(n.starttime, INTERVAL 6 HOUR)
WHERE n.itemid = 221906
QUALIFY ROW_NUMBER() OVER (PARTITION BY n.stay_id, n.orderid, n.starttime ORDER BY c.charttime DESC, c.itemid, c.valuenum) = 1
