//! Items whose value is a date: datetimeevents.

use crate::admission::Admission;
use crate::dictionary::fluid_items as fluid;
use crate::dictionary::items::Item;
use crate::dictionary::provider;
use crate::patient::Patient;
use crate::random::Topic;
use crate::stay::Stay;
use crate::support::Urine;
use crate::table::{Sheets, Table};
use crate::time::{DAY, HOUR, MINUTE};

/// Writes the dates of a stay: each line is looked at two or three times a day.
pub(crate) fn write(patient: &Patient, admission: &Admission, stay: &Stay, sheets: &mut Sheets) {
    let mut random = patient.random(Topic::Dates, stay.id);
    let rows = sheets.of(Table::Datetimeevents);
    let skin = random.chance(300);
    let groups: [(bool, &[Item]); 6] = [
        (true, &[fluid::DATE_PERIPHERAL]),
        (stay.arterial, &[fluid::DATE_ARTERIAL, fluid::DATE_ARTERIAL_TUBING, fluid::DATE_ARTERIAL_DRESSING]),
        (
            stay.central,
            &[fluid::DATE_CENTRAL, fluid::DATE_CENTRAL_TUBING, fluid::DATE_CENTRAL_CAP, fluid::DATE_CENTRAL_DRESSING],
        ),
        (stay.urine == Urine::Catheter, &[fluid::DATE_BLADDER]),
        (skin, &[fluid::DATE_SKIN]),
        (stay.dialysis.is_some(), &[fluid::DATE_DIALYSIS]),
    ];
    for (present, items) in groups {
        if !present {
            continue;
        }
        // The key is stay, item and moment, so no moment comes twice.
        let mut time = stay.begin + random.between(5, 180) * MINUTE;
        while time < stay.end {
            for item in items {
                let at_time = item.label.ends_with("at");
                let value = stay.begin.midnight() - random.between(0, 2) * DAY;
                let value = if at_time { time.midnight() - random.between(0, 9) * HOUR } else { value };
                rows.int(patient.subject).int(admission.hadm).int(stay.id);
                rows.int(provider::caregiver(stay.id, time.0 / (12 * HOUR))).time(time).time(time + 7 * MINUTE);
                rows.int(item.id).time(value).text(if at_time { "Date and Time" } else { "Date" }).int(0).end();
            }
            time = time + random.between(3 * 60, 7 * 60) * MINUTE;
        }
    }
}
