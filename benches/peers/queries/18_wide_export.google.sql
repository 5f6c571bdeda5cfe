-- A wide export: every column of the infusions with those of their stay.
SELECT e.*, i.first_careunit, i.last_careunit, i.intime, i.outtime, i.los, d.label, d.abbreviation, d.category, d.unitname
FROM `physionet-data.mimiciv_icu.inputevents` AS e
JOIN `physionet-data.mimiciv_icu.icustays` AS i ON i.stay_id = e.stay_id
JOIN `physionet-data.mimiciv_icu.d_items` AS d ON d.itemid = e.itemid
