//! Sentences that notes are made of. They say nothing about anybody.

use crate::random::Random;
use std::fmt::Write as _;

/// Lines of a shift.
pub(super) fn nursing(random: &mut Random, text: &mut String, sentences: i64, newborn: bool) {
    let (heads, list): (&[&str], &[&str]) = if newborn { (&HEADS_NEWBORN, &NEWBORN) } else { (&HEADS, &SHIFT) };
    let mut left = sentences + random.between(-3, 6);
    while left > 0 {
        let lines = random.between(1, 5).min(left);
        left -= lines;
        _ = write!(text, "{}: ", random.any(heads));
        for _ in 0..lines {
            sentence(random, text, list);
        }
        text.push('\n');
    }
    _ = writeln!(text, "Plan: {}", random.any(&PLANS));
}

/// Sections of a discharge summary.
pub(super) fn summary(random: &mut Random, text: &mut String, sentences: i64) {
    let sections = [
        ("History of Present Illness:", 22),
        ("Past Medical History:", 8),
        ("Social History:", 3),
        ("Family History:", 2),
        ("Physical Exam:", 12),
        ("Pertinent Results:", 12),
        ("Brief Hospital Course:", 31),
        ("Medications on Admission:", 6),
        ("Discharge Condition:", 2),
        ("Followup Instructions:", 2),
    ];
    for (head, share) in sections {
        _ = writeln!(text, "{head}");
        for number in 0..(sentences * share / 100).max(1) {
            sentence(random, text, if number % 3 == 2 { &FINDINGS } else { &SHIFT });
            if random.chance(350) {
                text.push('\n');
            }
        }
        text.push_str("\n\n");
    }
    _ = writeln!(
        text,
        "[**First Name8 (NamePattern2) **] [**Last Name (NamePattern1) **] MD [**MD Number(2) {}**]",
        random.between(1000, 9999)
    );
}

/// A film or a scan; its description.
pub(super) fn radiology(random: &mut Random, text: &mut String, date: &str) -> &'static str {
    let description = random.word(&[
        (500, "CHEST (PORTABLE AP)"),
        (90, "CT HEAD W/O CONTRAST"),
        (90, "CHEST (PA & LAT)"),
        (70, "CT ABDOMEN W/CONTRAST"),
        (60, "ABDOMEN (SUPINE & ERECT)"),
        (50, "CTA CHEST W&W/O C&RECONS, NON-CORONARY"),
        (40, "RENAL U.S."),
        (40, "MR HEAD W & W/O CONTRAST"),
        (30, "BABYGRAM (CHEST & ABD)"),
    ]);
    _ = writeln!(text, "{date} {:02}:{:02} AM", random.between(0, 11), random.between(0, 59));
    _ = writeln!(text, " {description:60} Clip # [**Clip Number (Radiology) {}**]", random.between(10_000, 99_999));
    text.push_str(" Reason: please evaluate, \"new\" finding\n______________________________________________________________________________\n");
    text.push_str(" [**Hospital 2**] MEDICAL CONDITION:\n  ");
    sentence(random, text, &SHIFT);
    text.push_str("\n______________________________________________________________________________\n                                 FINAL REPORT\n\nFINDINGS:  ");
    findings(random, text, 11);
    text.push_str("\n\nIMPRESSION:  ");
    findings(random, text, 3);
    description
}

/// An electrocardiogram: a few sentences.
pub(super) fn cardiogram(random: &mut Random, text: &mut String) {
    for _ in 0..random.between(2, 5) {
        sentence(random, text, &CARDIOGRAM);
    }
    text.push_str("\n\n");
}

/// Findings of images.
pub(super) fn findings(random: &mut Random, text: &mut String, sentences: i64) {
    for _ in 0..sentences + random.between(-2, 2) {
        sentence(random, text, &FINDINGS);
        if random.chance(250) {
            text.push('\n');
        }
    }
}

/// One sentence; `#` in it stands for a number.
fn sentence(random: &mut Random, text: &mut String, list: &[&'static str]) {
    for part in random.any(list).split_inclusive('#') {
        match part.strip_suffix('#') {
            Some(words) => _ = write!(text, "{words}{}", random.between(2, 98)),
            None => text.push_str(part),
        }
    }
    text.push_str("  ");
}

const HEADS: [&str; 12] =
    ["NEURO", "CV", "RESP", "GI", "GU", "ID", "SKIN", "ENDO", "ACCESS", "SOCIAL", "Assessment", "Response"];
const HEADS_NEWBORN: [&str; 6] = ["#1 RESP", "#2 FEN", "#3 G&D", "#4 PARENTING", "#5 BILI", "CV"];
const PLANS: [&str; 6] = [
    "continue to monitor, wean as tolerated, \"comfort\" care discussed.",
    "follow labs, replete lytes as needed; notify HO of changes.",
    "transfer to floor when bed available.",
    "pulm toilet, OOB to chair.",
    "family meeting tomorrow at # pm.",
    "cont present management.",
];

const SHIFT: [&str; 36] = [
    "Alert and oriented x3, follows commands, moves all extremities.",
    "Lightly sedated on propofol at # mcg/kg/min, opens eyes to voice.",
    "Pt states \"I feel better\", denies pain at rest, # with movement.",
    "MAE on bed, PERRL # mm/brisk, no seizure activity noted.",
    "HR #-100's, SR with rare PVC's, no ectopy since lytes repleted.",
    "BP stable, SBP 100-1#, levophed weaned to off.",
    "Afebrile, Tmax 99.#, WBC trending down.",
    "Lungs clear upper, diminished at bases; suctioned for scant, thick, tan secretions q#h.",
    "Vent settings unchanged: AC, FiO2 .#, PEEP 5; ABG acceptable.",
    "Weaned to # L NC, O2 sats 9#-98%.",
    "Abd soft, + BS, no BM this shift; TF at goal of # cc/hr, residuals minimal.",
    "NPO except meds, OGT to LWS draining bilious fluid, # cc.",
    "Foley draining clear yellow urine, # cc/hr; lasix given with good effect.",
    "Creat up to 1.#, renal following, no HD today.",
    "Blood cultures drawn x2, cont on vanco/zosyn (day #).",
    "FS 1#, covered with sliding scale regular insulin.",
    "Skin intact, heels elevated, turned q2h.",
    "Dsg D&I, incision with staples, no drainage.",
    "Left radial A-line and right IJ TLC patent; sites clean.",
    "Wife and daughter visited, updated by [**Last Name (Titles) **] # regarding plan of care.",
    "Full code status confirmed with HCP, [**Name (NI) **].",
    "Hct #.1 after 1 unit PRBC, no signs of active bleeding.",
    "K 3.#, repleted with 40 mEq; Mg 2.0.",
    "Lactate down to 1.# from 4.2 on admission.",
    "Patient is a # yo with PMH of HTN, DM2, CAD s/p CABG who presents from [**Hospital1 **].",
    "Found down at home by neighbor; EMS noted SBP in #s.",
    "In the ED, vitals were T 98.#, HR 110, BP 90/50; received 3 L NS.",
    "CT showed no acute process, per \"wet read\".",
    "Transferred to MICU for further management, see [**Doctor Last Name **]'s note.",
    "Extubated on hospital day #, tolerated well.",
    "Course complicated by atrial fibrillation with RVR; amiodarone bolus, then drip.",
    "Echo: EF #%, mild MR.",
    "Anticoagulation held, restarted on day #, INR goal 2-3.",
    "Seen by PT/OT, recommends rehab; sutures out in # days.",
    "Aspirin 81 mg daily, metoprolol # mg po bid, atorvastatin 80 mg qhs.",
    "Please call if fever > 101, chest pain, shortness of breath, or \"anything unusual\".",
];

const NEWBORN: [&str; 14] = [
    "Infant remains in RA, RR 30-60's, sats >9#%.",
    "On CPAP of 5, FiO2 21-#%, mild retractions; 2 spells so far this shift.",
    "BS clear and equal, sxn'd for mod white secretions.",
    "TF 1# cc/kg/day of BM24, PO/PG; tolerating well, no spits.",
    "Abd benign, voiding and stooling, guiac neg; AG 2#.",
    "Temp stable swaddled in servo isolette, alert with cares, sucks on pacifier.",
    "Mom in for # o'clock cares, \"so happy\" to hold baby; asking appropriate questions.",
    "Under single phototherapy, bili 8.# this am.",
    "No murmur, HR 140-160's, BP mean #.",
    "Wt 1.# kg, up 25 grams.",
    "Caffeine and iron given as ordered; hep B vaccine due.",
    "HUS scheduled for DOL #, ROP screen next week.",
    "Neonatology attending: DOL #, PMA 34 wks, stable; examined, discussed with team.",
    "Cont to support and update parents.",
];

const FINDINGS: [&str; 26] = [
    "The left atrium is mildly dilated.",
    "There is mild symmetric left ventricular hypertrophy with normal cavity size.",
    "Overall left ventricular systolic function is normal (LVEF>#%).",
    "Right ventricular chamber size and free wall motion are normal.",
    "The aortic valve leaflets (3) are mildly thickened but aortic stenosis is not present.",
    "Mild (1+) mitral regurgitation is seen.",
    "The estimated pulmonary artery systolic pressure is # mmHg.",
    "There is no pericardial effusion, no echocardiographic signs of tamponade.",
    "Endotracheal tube terminates # mm above the carina.",
    "Right internal jugular line with its tip in the SVC, no pneumothorax.",
    "Heart size is normal; the mediastinal and hilar contours are \"unremarkable\".",
    "There is persistent left lower lobe opacity, atelectasis vs. consolidation.",
    "Small bilateral pleural effusions, slightly larger than on the prior study.",
    "No acute intracranial hemorrhage, mass effect, or shift of midline structures.",
    "The ventricles and sulci are prominent, consistent with age-related involution.",
    "Scattered mucosal thickening in the ethmoid air cells.",
    "The liver, spleen, pancreas and adrenal glands are normal in appearance.",
    "A # mm hypodensity in the right kidney is too small to characterize.",
    "No free air, no evidence of obstruction.",
    "No evidence of pulmonary embolism to the segmental level.",
    "Degenerative changes of the thoracic spine, unchanged.",
    "Findings were discussed with Dr. [**Last Name (STitle) **] by telephone at # pm.",
    "Compared to [**2101-#-1**], there is no significant change.",
    "Nasogastric tube courses below the diaphragm, tip not included.",
    "Interval improvement of pulmonary edema; recommend follow up.",
    "Bowel gas pattern is nonspecific.",
];

const CARDIOGRAM: [&str; 8] = [
    "Sinus rhythm.",
    "Sinus tachycardia, rate 1#.",
    "Left axis deviation.",
    "Non-specific ST-T wave changes.",
    "Atrial fibrillation with a rapid ventricular response.",
    "Compared to the previous tracing of [**2101-#-1**] no diagnostic interim change.",
    "Right bundle-branch block, \"old\".",
    "Poor R wave progression, possible anteroseptal infarct, age undetermined.",
];
