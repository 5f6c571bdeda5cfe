SELECT e.*, i.first_careunit, i.last_careunit, i.intime, i.outtime, i.los, d.label, d.abbreviation, d.category, d.unitname
FROM mimiciv_icu.inputevents AS e
JOIN mimiciv_icu.icustays AS i ON i.stay_id = e.stay_id
JOIN mimiciv_icu.d_items AS d ON d.itemid = e.itemid
