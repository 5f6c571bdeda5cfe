//! Why people are in hospital: a table of reasons, each with the organs it strikes and the treatment it brings.

use crate::course::ORGANS;

/// A reason for admission.
#[derive(Debug)]
pub(crate) struct Problem {
    /// Words for the problem list.
    pub(crate) name: &'static str,
    /// First clinical service.
    pub(crate) service: &'static str,
    /// Index into [`UNITS`].
    pub(crate) unit: usize,
    /// Mean levels at the peak: circulation, lung, kidney, liver, blood, brain, heart, inflammation.
    pub(crate) peaks: [i64; ORGANS],
    /// Deaths in hospital per thousand ICU admissions of mean severity.
    pub(crate) mortality: i64,
    /// Invasive ventilation per thousand.
    pub(crate) ventilated: i64,
    /// Infections treated with antibiotics per thousand.
    pub(crate) infected: i64,
    /// Planned, per thousand.
    pub(crate) elective: i64,
    /// Principal diagnosis: ICD-9 and ICD-10.
    pub(crate) diagnosis: (&'static str, &'static str),
    /// DRG code and text (HCFA).
    pub(crate) drg: (&'static str, &'static str),
    /// What is special.
    pub(crate) traits: &'static [Trait],
}

/// What sets a problem apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trait {
    /// An operation on the first day.
    Surgery,
    /// An operation on the heart.
    HeartSurgery,
    /// Pressure in the skull is watched.
    SkullPressure,
    /// Sugar out of control.
    Ketoacidosis,
    /// Bleeding that needs blood.
    Bleeding,
    /// Obstructed airways: mask ventilation first.
    Airways,
    /// A mechanical heart support may follow.
    Pump,
    /// Substances in blood.
    Intoxication,
}

impl Problem {
    pub(crate) fn has(&self, wanted: Trait) -> bool {
        self.traits.contains(&wanted)
    }
}

/// ICUs, by index: name, weight of a stay that no problem prefers.
pub(crate) const UNITS: [(u32, &str); 9] = [
    (29, "Medical Intensive Care Unit (MICU)"),
    (23, "Medical/Surgical Intensive Care Unit (MICU/SICU)"),
    (13, "Coronary Care Unit (CCU)"),
    (25, "Cardiac Vascular Intensive Care Unit (CVICU)"),
    (29, "Surgical Intensive Care Unit (SICU)"),
    (16, "Trauma SICU (TSICU)"),
    (6, "Neuro Surgical Intensive Care Unit (Neuro SICU)"),
    (2, "Neuro Stepdown"),
    (2, "Neuro Intermediate"),
];

macro_rules! problems {
    ($($weight:literal $name:literal $service:literal unit $unit:literal peaks $peaks:expr, dies $mortality:literal
       ventilated $ventilated:literal infected $infected:literal elective $elective:literal
       icd $nine:literal $ten:literal drg $drg:literal $drg_text:literal $traits:expr;)*) => {
        /// All reasons.
        pub(crate) const PROBLEMS: &[(u32, Problem)] = &[$(($weight, Problem {
            name: $name,
            service: $service,
            unit: $unit,
            peaks: $peaks,
            mortality: $mortality,
            ventilated: $ventilated,
            infected: $infected,
            elective: $elective,
            diagnosis: ($nine, $ten),
            drg: ($drg, $drg_text),
            traits: $traits,
        }),)*];
    };
}

// Order of the peaks:                       circ lung kidn liv  blood brain heart infl
problems! {
    150 "Sepsis" "MED" unit 0 peaks [650, 500, 520, 300, 420, 300, 180, 850], dies 210 ventilated 450 infected 1000 elective 0
        icd "0389" "A419" drg "871" "SEPTICEMIA OR SEVERE SEPSIS W/O MV >96 HOURS W MCC" &[];
    130 "Pneumonia" "MED" unit 1 peaks [350, 750, 250, 120, 200, 220, 180, 700], dies 150 ventilated 550 infected 1000 elective 0
        icd "486" "J189" drg "193" "SIMPLE PNEUMONIA & PLEURISY W MCC" &[];
    50 "Obstructed airways" "MED" unit 0 peaks [180, 700, 120, 60, 80, 250, 150, 350], dies 80 ventilated 350 infected 600 elective 0
        icd "49121" "J441" drg "190" "CHRONIC OBSTRUCTIVE PULMONARY DISEASE W MCC" &[Trait::Airways];
    80 "Heart failure" "CMED" unit 2 peaks [500, 450, 420, 250, 120, 150, 750, 200], dies 130 ventilated 250 infected 150 elective 0
        icd "42823" "I5023" drg "291" "HEART FAILURE & SHOCK W MCC" &[Trait::Pump];
    70 "Heart attack" "CMED" unit 2 peaks [420, 300, 250, 150, 120, 150, 900, 250], dies 100 ventilated 250 infected 100 elective 0
        icd "41071" "I214" drg "280" "ACUTE MYOCARDIAL INFARCTION, DISCHARGED ALIVE W MCC" &[Trait::Pump];
    140 "Coronary bypass" "CSURG" unit 3 peaks [450, 350, 180, 80, 320, 120, 450, 400], dies 20 ventilated 950 infected 150 elective 700
        icd "41401" "I2510" drg "234" "CORONARY BYPASS W CARDIAC CATH W/O MCC" &[Trait::Surgery, Trait::HeartSurgery];
    60 "Bleeding gut" "MED" unit 0 peaks [450, 200, 250, 200, 550, 150, 150, 250], dies 90 ventilated 250 infected 250 elective 0
        icd "5789" "K922" drg "377" "G.I. HEMORRHAGE W MCC" &[Trait::Bleeding];
    45 "Failing liver" "MED" unit 1 peaks [480, 350, 550, 900, 650, 550, 150, 450], dies 300 ventilated 400 infected 600 elective 0
        icd "5722" "K7290" drg "441" "DISORDERS OF LIVER EXCEPT MALIG, CIRR, ALC HEPA W MCC" &[Trait::Bleeding];
    55 "Bleeding in the skull" "NSURG" unit 6 peaks [250, 350, 100, 50, 100, 900, 120, 300], dies 220 ventilated 600 infected 300 elective 50
        icd "431" "I619" drg "064" "INTRACRANIAL HEMORRHAGE OR CEREBRAL INFARCTION W MCC" &[Trait::SkullPressure];
    40 "Stroke" "NMED" unit 7 peaks [180, 250, 80, 40, 60, 700, 150, 200], dies 120 ventilated 300 infected 250 elective 0
        icd "43491" "I639" drg "065" "INTRACRANIAL HEMORRHAGE OR CEREBRAL INFARCTION W CC" &[];
    60 "Injury" "TRAUM" unit 5 peaks [420, 400, 200, 150, 450, 450, 120, 450], dies 90 ventilated 500 infected 300 elective 0
        icd "86121" "S27321A" drg "957" "OTHER O.R. PROCEDURES FOR MULTIPLE SIGNIFICANT TRAUMA W MCC"
        &[Trait::Surgery, Trait::SkullPressure, Trait::Bleeding];
    70 "Operation on the belly" "SURG" unit 4 peaks [420, 350, 300, 200, 350, 200, 120, 600], dies 80 ventilated 550 infected 700 elective 300
        icd "5609" "K56609" drg "329" "MAJOR SMALL & LARGE BOWEL PROCEDURES W MCC" &[Trait::Surgery];
    40 "Operation on vessels" "VSURG" unit 3 peaks [350, 250, 280, 100, 300, 150, 250, 350], dies 60 ventilated 450 infected 300 elective 500
        icd "4414" "I714" drg "237" "MAJOR CARDIOVASC PROCEDURES W MCC" &[Trait::Surgery];
    30 "Operation on the chest" "TSURG" unit 4 peaks [250, 450, 120, 60, 200, 120, 150, 400], dies 40 ventilated 450 infected 350 elective 600
        icd "1623" "C3411" drg "163" "MAJOR CHEST PROCEDURES W MCC" &[Trait::Surgery];
    20 "Broken hip" "ORTHO" unit 5 peaks [250, 250, 200, 50, 320, 250, 180, 350], dies 50 ventilated 200 infected 250 elective 250
        icd "82021" "S72141A" drg "480" "HIP & FEMUR PROCEDURES EXCEPT MAJOR JOINT W MCC" &[Trait::Surgery];
    30 "Ketoacidosis" "MED" unit 0 peaks [250, 120, 280, 60, 80, 250, 80, 300], dies 15 ventilated 60 infected 250 elective 0
        icd "25013" "E1010" drg "637" "DIABETES W MCC" &[Trait::Ketoacidosis];
    30 "Poisoning" "MED" unit 1 peaks [250, 350, 150, 350, 100, 700, 150, 200], dies 40 ventilated 550 infected 250 elective 0
        icd "9654" "T391X2A" drg "917" "POISONING & TOXIC EFFECTS OF DRUGS W MCC" &[Trait::Intoxication];
    30 "Failing kidneys" "MED" unit 0 peaks [280, 300, 950, 100, 250, 300, 250, 350], dies 110 ventilated 200 infected 350 elective 0
        icd "5849" "N179" drg "682" "RENAL FAILURE W MCC" &[];
    30 "Fever without white cells" "OMED" unit 1 peaks [480, 350, 300, 250, 900, 200, 150, 900], dies 200 ventilated 250 infected 1000 elective 50
        icd "28803" "D709" drg "808" "MAJOR HEMATOL/IMMUN DIAG EXC SICKLE CELL CRISIS & COAGUL W MCC" &[];
    15 "Kidney stone with fever" "GU" unit 1 peaks [420, 180, 480, 80, 200, 150, 80, 750], dies 40 ventilated 150 infected 1000 elective 50
        icd "5920" "N200" drg "690" "KIDNEY & URINARY TRACT INFECTIONS W/O MCC" &[];
    8 "Deep neck abscess" "ENT" unit 5 peaks [250, 450, 100, 50, 120, 150, 80, 700], dies 30 ventilated 600 infected 1000 elective 0
        icd "47822" "J390" drg "011" "TRACHEOSTOMY FOR FACE,MOUTH & NECK DIAGNOSES W MCC" &[Trait::Surgery];
    8 "Operation on the womb" "GYN" unit 4 peaks [280, 180, 120, 60, 350, 80, 80, 350], dies 10 ventilated 250 infected 300 elective 600
        icd "1820" "C541" drg "736" "UTERINE & ADNEXA PROC FOR OVARIAN OR ADNEXAL MALIGNANCY W MCC" &[Trait::Surgery];
    5 "Bleeding after birth" "OBS" unit 4 peaks [450, 150, 120, 80, 600, 80, 100, 250], dies 5 ventilated 250 infected 200 elective 50
        icd "66612" "O721" drg "774" "VAGINAL DELIVERY W COMPLICATING DIAGNOSES" &[Trait::Bleeding];
    6 "Burns and grafts" "PSURG" unit 5 peaks [350, 350, 180, 80, 280, 150, 80, 700], dies 60 ventilated 400 infected 600 elective 200
        icd "94233" "T2133XA" drg "927" "EXTENSIVE BURNS OR FULL THICKNESS BURNS W MV >96 HRS W SKIN GRAFT" &[Trait::Surgery];
    4 "Self-harm" "PSYCH" unit 0 peaks [150, 200, 80, 80, 60, 450, 80, 100], dies 10 ventilated 250 infected 80 elective 0
        icd "9694" "T424X2A" drg "918" "POISONING & TOXIC EFFECTS OF DRUGS W/O MCC" &[Trait::Intoxication];
}
