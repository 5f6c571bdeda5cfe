//! Heart, pressure, breathing and saturation of one moment, from the course of the illness and what supports the patient.

use crate::admission::Admission;
use crate::course::Organ;
use crate::dictionary::conditions::Chronic;
use crate::patient::Patient;
use crate::random::Random;
use crate::stay::Stay;
use crate::time::Time;

/// Slow wandering of each measure around its level, in its own unit times ten.
#[derive(Debug, Default)]
pub(crate) struct Drift {
    pub(crate) heart: i64,
    pub(crate) pressure: i64,
    pub(crate) breath: i64,
    pub(crate) warmth: i64,
    /// What is usual for this patient, in whole units.
    pub(crate) usual_heart: i64,
    pub(crate) usual_pressure: i64,
}

/// One moment's signs.
#[derive(Debug)]
pub(crate) struct Signs {
    pub(crate) heart: i64,
    pub(crate) systolic: i64,
    pub(crate) diastolic: i64,
    pub(crate) mean: i64,
    pub(crate) breath: i64,
    pub(crate) saturation: i64,
}

impl Drift {
    /// The signs at the next moment.
    pub(crate) fn signs(
        &mut self,
        random: &mut Random,
        patient: &Patient,
        admission: &Admission,
        stay: &Stay,
        time: Time,
    ) -> Signs {
        let course = &admission.course;
        let level = |organ| course.level(organ, time);
        let (circulation, lung, inflammation) =
            (level(Organ::Circulation), level(Organ::Lung), level(Organ::Inflammation));
        let age = patient.anchor_age;
        self.heart = self.heart * 7 / 8 + random.bell(48);
        self.pressure = self.pressure * 7 / 8 + random.bell(58);
        self.breath = self.breath * 3 / 4 + random.bell(22);

        let hypertension = if patient.has(Chronic::Hypertension) { 12 } else { 0 };
        let pressor = stay.drips.iter().any(|drip| {
            drip.steps.first().is_some_and(|step| step.0 <= time) && drip.steps.last().is_some_and(|step| step.0 > time)
        });
        let support = if pressor { circulation * 22 / 1000 } else { 0 };
        let mut heart = 74 + self.usual_heart + circulation * 34 / 1000 + inflammation * 20 / 1000 + self.heart / 10;
        let mut systolic = 122 + self.usual_pressure + hypertension + age / 10 - circulation * 48 / 1000
            + support
            + self.pressure / 10;
        let mut breath = 16 + lung * 9 / 1000 + inflammation * 4 / 1000 + self.breath / 10;
        let mut saturation = 98 - lung * 4 / 1000 - random.below(3) as i64;
        if random.chance(14) {
            saturation -= random.between(4, 25);
        }
        match course.minutes_to_death(time) {
            // The last three hours.
            Some(left) if left < 180 => {
                heart = heart * (left + 60) / 240;
                systolic = systolic * (left + 90) / 270;
                breath = breath * (left + 60) / 240;
                saturation = saturation * (left + 300) / 480;
            }
            _ => {}
        }
        heart = heart.clamp(18, 205);
        systolic = systolic.clamp(30, 235);
        let diastolic = (systolic * 52 / 100 - age / 12 + random.bell(6)).clamp(12, 140);
        Signs {
            heart,
            systolic,
            diastolic,
            mean: (systolic + 2 * diastolic) / 3 + random.bell(3),
            breath: breath.clamp(4, 58),
            saturation: saturation.clamp(40, 100),
        }
    }
}
