//! Fluids, drips and doses: inputevents_cv and inputevents_mv.

mod carevue;
mod metavision;

use super::Bed;
use super::System;
use super::numbers::Book;
use crate::admission::Admission;
use crate::course::Organ;
use crate::problem::Trait;

/// Writes all that runs into the patient.
pub(super) fn write(bed: Bed<'_>, book: &mut Book<'_>) {
    match bed.system {
        System::CareVue => carevue::write(bed, book),
        System::MetaVision => metavision::write(bed, book),
    }
}

/// Rates and amounts are counted in millionths.
const MILLION: i64 = 1_000_000;

/// Units of blood and plasma that an illness takes, in thousandths.
fn transfusions(admission: &Admission) -> (i64, i64) {
    let level = admission.course.level(Organ::Blood, admission.course.peak);
    let factor = if admission.problem.has(Trait::Bleeding) { 3 } else { 1 };
    (level * 2 * factor, level * 8 / 10 * factor)
}
