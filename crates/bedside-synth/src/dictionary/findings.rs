//! Diagnoses that come with an illness, procedures, and billed services. The titles are short ones of our own.

use super::conditions::Code;
use crate::course::Organ;

/// What an organ's failure is coded as: organ, least level, ICD-9, ICD-10.
pub(crate) const FINDINGS: &[(Organ, i64, Code, Code)] = &[
    (Organ::Kidney, 450, ("5849", "Acute kidney failure, unspecified"), ("N179", "Acute kidney failure, unspecified")),
    (
        Organ::Kidney,
        750,
        ("5845", "Acute kidney failure with tubular necrosis"),
        ("N170", "Acute kidney failure with tubular necrosis"),
    ),
    (Organ::Lung, 500, ("51881", "Acute respiratory failure"), ("J9601", "Acute respiratory failure with hypoxia")),
    (Organ::Lung, 350, ("5119", "Pleural effusion"), ("J90", "Pleural effusion")),
    (Organ::Circulation, 550, ("78552", "Septic shock"), ("R6521", "Severe sepsis with septic shock")),
    (Organ::Circulation, 350, ("4589", "Hypotension, unspecified"), ("I959", "Hypotension, unspecified")),
    (Organ::Heart, 600, ("78551", "Cardiogenic shock"), ("R570", "Cardiogenic shock")),
    (Organ::Heart, 350, ("42832", "Chronic diastolic heart failure"), ("I5032", "Chronic diastolic heart failure")),
    (Organ::Liver, 600, ("5722", "Hepatic encephalopathy"), ("K7290", "Hepatic failure without coma")),
    (Organ::Blood, 350, ("2851", "Anemia after acute blood loss"), ("D62", "Anemia after acute blood loss")),
    (Organ::Blood, 550, ("2875", "Thrombocytopenia, unspecified"), ("D696", "Thrombocytopenia, unspecified")),
    (Organ::Brain, 500, ("34830", "Encephalopathy, unspecified"), ("G9340", "Encephalopathy, unspecified")),
    (Organ::Inflammation, 550, ("99591", "Sepsis"), ("A419", "Sepsis, unspecified organism")),
    (Organ::Inflammation, 400, ("5990", "Urinary tract infection"), ("N390", "Urinary tract infection")),
    (Organ::None, 0, ("2760", "Hyperosmolality and hypernatremia"), ("E870", "Hyperosmolality and hypernatremia")),
    (Organ::None, 0, ("2761", "Hyposmolality and hyponatremia"), ("E871", "Hypo-osmolality and hyponatremia")),
    (Organ::None, 0, ("2762", "Acidosis"), ("E872", "Acidosis")),
    (Organ::None, 0, ("2768", "Hypopotassemia"), ("E876", "Hypokalemia")),
    (Organ::None, 0, ("78791", "Diarrhea"), ("R197", "Diarrhea, unspecified")),
    (Organ::None, 0, ("V667", "Encounter for palliative care"), ("Z515", "Encounter for palliative care")),
    (Organ::None, 0, ("70703", "Pressure ulcer, lower back"), ("L89159", "Pressure ulcer of sacral region")),
    (
        Organ::None,
        0,
        ("E8788", "Surgical procedure as the cause of a later complication"),
        ("Y838", "Surgical procedure as the cause of a later complication"),
    ),
    (Organ::None, 0, ("73300", "Osteoporosis, unspecified"), ("M810", "Osteoporosis without fracture")),
    (Organ::None, 0, ("60000", "Enlarged prostate"), ("N400", "Enlarged prostate")),
    (Organ::None, 0, ("27651", "Dehydration"), ("E860", "Dehydration")),
];

/// Procedures by what was done: ICD-9 and ICD-10.
pub(crate) const PROCEDURES: &[(Code, Code)] = &[
    (("9671", "Mechanical ventilation for less than 96 hours"), ("5A1945Z", "Respiratory ventilation, 24-96 hours")),
    (
        ("9672", "Mechanical ventilation for 96 hours or more"),
        ("5A1955Z", "Respiratory ventilation, more than 96 hours"),
    ),
    (("9604", "Insertion of endotracheal tube"), ("0BH17EZ", "Insertion of endotracheal airway into trachea")),
    (("3893", "Venous catheterization"), ("02HV33Z", "Insertion of infusion device into superior vena cava")),
    (("3891", "Arterial catheterization"), ("02HW32Z", "Insertion of monitoring device into thoracic aorta")),
    (("3995", "Hemodialysis"), ("5A1D60Z", "Performance of urinary filtration, multiple")),
    (("9904", "Transfusion of packed cells"), ("30233N1", "Transfusion of red cells into peripheral vein")),
    (("3615", "Single internal mammary-coronary bypass"), ("021109W", "Bypass coronary artery from aorta with vein")),
    (("3961", "Extracorporeal circulation"), ("5A1221Z", "Performance of cardiac output, continuous")),
    (("4513", "Endoscopy of small intestine"), ("0DJ08ZZ", "Inspection of upper intestinal tract")),
    (("0221", "Insertion of ventricular drain"), ("009630Z", "Drainage of cerebral ventricle")),
    (("4573", "Right hemicolectomy"), ("0DTF0ZZ", "Resection of right large intestine")),
    (("311", "Temporary tracheostomy"), ("0B110F4", "Bypass trachea to cutaneous")),
    (("966", "Enteral infusion of nutrition"), ("3E0G76Z", "Introduction of nutrition into upper GI")),
    (("8856", "Coronary arteriography"), ("B2111ZZ", "Fluoroscopy of multiple coronary arteries")),
    (("3324", "Closed biopsy of bronchus"), ("0B9J8ZX", "Drainage of left lower lung lobe, diagnostic")),
];

/// Billed services (HCPCS): code, category, text. Codes shorter than five characters are padded with blanks in the files.
pub(crate) const SERVICES: &[(&str, Option<i64>, &str)] = &[
    ("99217", Some(1), "Hospital observation services"),
    ("99218", Some(1), "Hospital observation services"),
    ("99219", Some(1), "Hospital observation services"),
    ("99220", Some(1), "Hospital observation services"),
    ("G0378", Some(3), "Hospital observation per hr"),
    ("93454", Some(1), "Cardiovascular"),
    ("92921", Some(1), "Cardiovascular"),
    ("43239", Some(1), "Digestive system"),
    ("31624", Some(1), "Respiratory system"),
    ("36556", Some(1), "Cardiovascular system"),
    ("64447", Some(1), "Nervous system"),
    ("C1769", Some(3), "Guide wire"),
    ("TD", None, "Rn"),
    ("SA", None, "Nurse practitioner"),
    ("Q4", None, "Service exempt"),
];
