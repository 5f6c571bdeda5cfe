//! Items of inputevents, ingredientevents, outputevents and procedureevents. Items from 232000 on are made up.

#![expect(clippy::unreadable_literal, reason = "identifiers are searched for as published")]

use super::items::{Item, Kind, Link, items};

items! {
    /// Infusions, fluids and doses.
    INPUT: Link::Input;

    NOREPINEPHRINE = 221906, "Norepinephrine", "Medications", Kind::Solution, "mg";
    EPINEPHRINE = 221289, "Epinephrine", "Medications", Kind::Solution, "mg";
    DOPAMINE = 221662, "Dopamine", "Medications", Kind::Solution, "mg";
    DOBUTAMINE = 221653, "Dobutamine", "Medications", Kind::Solution, "mg";
    MILRINONE = 221986, "Milrinone", "Medications", Kind::Solution, "mg";
    PHENYLEPHRINE = 221749, "Phenylephrine", "Medications", Kind::Solution, "mg";
    VASOPRESSIN = 222315, "Vasopressin", "Medications", Kind::Solution, "units";
    VECURONIUM = 222062, "Vecuronium", "Medications", Kind::Solution, "mg";
    CISATRACURIUM = 221555, "Cisatracurium", "Medications", Kind::Solution, "mg";
    POTASSIUM_CRRT = 227536, "KCl (CRRT)", "Medications", Kind::Solution, "mEq";
    CALCIUM_CRRT = 227525, "Calcium Gluconate (CRRT)", "Medications", Kind::Solution, "grams";
    SALINE = 232001, "Saline carrier", "Fluids/Intake", Kind::Solution, "mL";
    DEXTROSE = 232002, "Dextrose carrier", "Fluids/Intake", Kind::Solution, "mL";
    BALANCED = 232003, "Balanced crystalloid", "Fluids/Intake", Kind::Solution, "mL";
    PROPOFOL = 232004, "Sedative emulsion", "Medications", Kind::Solution, "mg";
    OPIOID = 232005, "Opioid drip", "Medications", Kind::Solution, "mcg";
    BENZODIAZEPINE = 232006, "Benzodiazepine drip", "Medications", Kind::Solution, "mg";
    INSULIN_DRIP = 232007, "Insulin drip", "Medications", Kind::Solution, "units";
    HEPARIN_DRIP = 232008, "Heparin drip", "Medications", Kind::Solution, "units";
    ANTIARRHYTHMIC = 232009, "Antiarrhythmic drip", "Medications", Kind::Solution, "mg";
    DIURETIC_DRIP = 232010, "Diuretic drip", "Medications", Kind::Solution, "mg";
    OPIOID_PUSH = 232020, "Opioid push", "Medications", Kind::Solution, "mcg";
    SEDATIVE_PUSH = 232021, "Sedative push", "Medications", Kind::Solution, "mg";
    DIURETIC_PUSH = 232022, "Diuretic push", "Medications", Kind::Solution, "mg";
    ANTIHYPERTENSIVE_PUSH = 232023, "Antihypertensive push", "Medications", Kind::Solution, "mg";
    INSULIN_SUBCUTANEOUS = 232024, "Insulin subcutaneous", "Medications", Kind::Solution, "units";
    PROPHYLAXIS_HEPARIN = 232025, "Clot prophylaxis dose", "Medications", Kind::Solution, "dose";
    PROPHYLAXIS_STOMACH = 232026, "Stomach prophylaxis dose", "Medications", Kind::Solution, "dose";
    ANTIBIOTIC_A = 232030, "Antibiotic piggyback A", "Antibiotics", Kind::Solution, "dose";
    ANTIBIOTIC_B = 232031, "Antibiotic piggyback B", "Antibiotics", Kind::Solution, "dose";
    POTASSIUM_BOLUS = 232040, "Potassium piggyback", "Medications", Kind::Solution, "mEq";
    MAGNESIUM_BOLUS = 232041, "Magnesium piggyback", "Medications", Kind::Solution, "grams";
    CALCIUM_BOLUS = 232042, "Calcium piggyback", "Medications", Kind::Solution, "grams";
    RED_CELLS = 232050, "Red cells", "Blood Products/Colloids", Kind::Solution, "mL";
    PLATELETS = 232051, "Platelets", "Blood Products/Colloids", Kind::Solution, "mL";
    PLASMA = 232052, "Plasma", "Blood Products/Colloids", Kind::Solution, "mL";
    ALBUMIN = 232053, "Albumin", "Blood Products/Colloids", Kind::Solution, "mL";
    ORAL_INTAKE = 232060, "Oral intake", "Fluids/Intake", Kind::Solution, "mL";
    TUBE_FLUSH = 232061, "Feeding tube flush", "Fluids/Intake", Kind::Solution, "mL";
    TUBE_FEED = 232062, "Tube feed", "Nutrition - Enteral", Kind::Solution, "mL";
    TUBE_DRUGS = 232063, "Drugs by tube", "Fluids/Intake", Kind::Solution, "mL";
    THEATRE_FLUID = 232064, "Fluid given in theatre", "Fluids/Intake", Kind::Solution, "mL";
}

items! {
    /// What is in the bags.
    INGREDIENT: Link::Ingredient;

    WATER = 232101, "Water (content)", "Ingredients - general (Not In Use)", Kind::Ingredient, "ml";
    INTRAVENOUS = 232102, "Intravenous fluid (content)", "Ingredients - general (Not In Use)", Kind::Ingredient, "ml";
    ENTERAL = 232103, "Enteral fluid (content)", "Ingredients - general (Not In Use)", Kind::Ingredient, "ml";
    CALORIES = 232104, "Energy (content)", "Ingredients - general (Not In Use)", Kind::Ingredient, "Kcal";
    PROTEIN = 232105, "Protein (content)", "Ingredients - general (Not In Use)", Kind::Ingredient, "grams";
    BLOOD = 232106, "Blood product (content)", "Ingredients - general (Not In Use)", Kind::Ingredient, "ml";
}

items! {
    /// What leaves the body.
    OUTPUT: Link::Output;

    FOLEY = 226559, "Foley", "Output", Kind::Numeric, "mL";
    VOID = 226560, "Void", "Output", Kind::Numeric, "mL";
    CONDOM_CATHETER = 226561, "Condom Cath", "Output", Kind::Numeric, "mL";
    STENT_RIGHT = 226557, "R Ureteral Stent", "Output", Kind::Numeric, "mL";
    STENT_LEFT = 226558, "L Ureteral Stent", "Output", Kind::Numeric, "mL";
    SUPRAPUBIC = 226563, "Suprapubic", "Output", Kind::Numeric, "mL";
    NEPHROSTOMY_RIGHT = 226564, "R Nephrostomy", "Output", Kind::Numeric, "mL";
    NEPHROSTOMY_LEFT = 226565, "L Nephrostomy", "Output", Kind::Numeric, "mL";
    STRAIGHT_CATHETER = 226567, "Straight Cath", "Output", Kind::Numeric, "mL";
    ILEOCONDUIT = 226584, "Ileoconduit", "Output", Kind::Numeric, "mL";
    IRRIGANT_IN = 227488, "GU Irrigant Volume In", "Output", Kind::Numeric, "mL";
    IRRIGANT_OUT = 227489, "GU Irrigant/Urine Volume Out", "Output", Kind::Numeric, "mL";
    DRAIN_CHEST = 232201, "Chest drain", "Drains", Kind::Numeric, "mL";
    DRAIN_WOUND = 232202, "Wound drain", "Drains", Kind::Numeric, "mL";
    DRAIN_VENTRICLE = 232203, "Ventricular drain", "Drains", Kind::Numeric, "mL";
    GASTRIC_RESIDUAL = 232204, "Gastric residual", "Output", Kind::Numeric, "mL";
    STOOL = 232205, "Stool output", "Output", Kind::Numeric, "mL";
    THEATRE_URINE = 232206, "Urine in theatre", "Output", Kind::Numeric, "mL";
    THEATRE_BLOOD = 232207, "Blood loss in theatre", "Output", Kind::Numeric, "mL";
}

items! {
    /// Procedures, lines and tests.
    PROCEDURE: Link::Procedure;

    HEMODIALYSIS = 225441, "Hemodialysis", "4-Procedures", Kind::Process, "hour";
    DIALYSIS_CRRT = 225802, "Dialysis - CRRT", "Dialysis", Kind::Process, "min";
    DIALYSIS_CVVHD = 225803, "Dialysis - CVVHD", "Dialysis", Kind::Process, "min";
    PERITONEAL_DIALYSIS = 225805, "Peritoneal Dialysis", "Dialysis", Kind::Process, "min";
    DIALYSIS_CVVHDF = 225809, "Dialysis - CVVHDF", "Dialysis", Kind::Process, "min";
    DIALYSIS_SCUF = 225955, "Dialysis - SCUF", "Dialysis", Kind::Process, "min";
    FILTER_CHANGE = 225436, "CRRT Filter Change", "4-Procedures", Kind::Process, "None";

    DIALYSIS_CATHETER = 224270, "Dialysis Catheter", "Access Lines - Invasive", Kind::Process, "min";
    ARTERIAL_LINE = 225752, "Arterial Line", "Access Lines - Invasive", Kind::Process, "min";
    MULTI_LUMEN = 224263, "Multi Lumen", "Access Lines - Invasive", Kind::Process, "min";
    PICC = 224264, "PICC Line", "Access Lines - Invasive", Kind::Process, "min";
    PA_CATHETER = 224560, "PA Catheter", "Access Lines - Invasive", Kind::Process, "min";
    CCO_CATHETER = 224269, "CCO PAC", "Access Lines - Invasive", Kind::Process, "min";
    CORDIS = 224267, "Cordis/Introducer", "Access Lines - Invasive", Kind::Process, "min";
    TRIPLE_INTRODUCER = 225199, "Triple Introducer", "Access Lines - Invasive", Kind::Process, "min";
    TRAUMA_LINE = 224268, "Trauma line", "Access Lines - Invasive", Kind::Process, "min";
    BALLOON_PUMP_LINE = 224272, "IABP line", "Access Lines - Invasive", Kind::Process, "min";
    IMPELLA_LINE = 228169, "Impella Line", "Access Lines - Invasive", Kind::Process, "min";
    TANDEM_INFLOW = 228201, "Tandem Heart Inflow Line", "Access Lines - Invasive", Kind::Process, "min";
    TANDEM_OUTFLOW = 228202, "Tandem Heart Outflow Line", "Access Lines - Invasive", Kind::Process, "min";
    ICP_CATHETER = 226124, "ICP Catheter", "Access Lines - Invasive", Kind::Process, "min";
    PORT = 225202, "Indwelling Port (PortaCath)", "Access Lines - Invasive", Kind::Process, "min";
    MIDLINE = 225204, "Midline", "Access Lines - Invasive", Kind::Process, "min";
    PHERESIS_CATHETER = 225203, "Pheresis Catheter", "Access Lines - Invasive", Kind::Process, "min";
    PRESEP_CATHETER = 224273, "Presep Catheter", "Access Lines - Invasive", Kind::Process, "min";
    HICKMAN = 225315, "Tunneled (Hickman) Line", "Access Lines - Invasive", Kind::Process, "min";
    RAPID_INFUSION = 225205, "RIC", "Access Lines - Invasive", Kind::Process, "min";
    VENOUS_SHEATH = 225789, "Sheath (Venous)", "Access Lines - Invasive", Kind::Process, "min";
    SHEATH_INSERTION = 225761, "Sheath Insertion", "Access Lines - Invasive", Kind::Process, "min";
    AVA_LINE = 227719, "AVA", "Access Lines - Invasive", Kind::Process, "min";
    INTRAOSSEOUS = 228286, "Intraosseous Device", "Access Lines - Invasive", Kind::Process, "min";

    PERIPHERAL_LINE = 232301, "Peripheral cannula", "Access Lines - Peripheral", Kind::Process, "min";
    VENTILATION = 232302, "Ventilation by tube", "2-Ventilation", Kind::Process, "min";
    MASK_VENTILATION = 232303, "Ventilation by mask", "2-Ventilation", Kind::Process, "min";
    INTUBATION = 232304, "Tube placed", "1-Intubation/Extubation", Kind::Process, "None";
    EXTUBATION = 232305, "Tube removed", "1-Intubation/Extubation", Kind::Process, "None";
    CHEST_FILM = 232306, "Chest film", "5-Imaging", Kind::Process, "None";
    TOMOGRAPHY = 232307, "Computed tomography", "5-Imaging", Kind::Process, "None";
    ULTRASOUND = 232308, "Bedside ultrasound", "5-Imaging", Kind::Process, "None";
    ELECTROCARDIOGRAM = 232309, "Twelve-lead tracing", "4-Procedures", Kind::Process, "None";
    CULTURE_BLOOD = 232310, "Blood drawn for culture", "6-Cultures", Kind::Process, "None";
    CULTURE_URINE = 232311, "Urine sent for culture", "6-Cultures", Kind::Process, "None";
    FAMILY_TALK = 232312, "Talk with the family", "7-Communication", Kind::Process, "None";
    BLADDER_CATHETER = 232313, "Bladder catheter", "GI/GU", Kind::Process, "min";
    ENDOSCOPY = 232314, "Endoscopy at the bedside", "4-Procedures", Kind::Process, "None";
}

items! {
    /// Dates that are charted.
    DATES: Link::Dates;

    DATE_PERIPHERAL = 232401, "Peripheral cannula placed on", "Access Lines - Peripheral", Kind::Date, "";
    DATE_ARTERIAL = 232402, "Arterial line placed on", "Access Lines - Invasive", Kind::Date, "";
    DATE_ARTERIAL_TUBING = 232403, "Arterial line tubing changed on", "Access Lines - Invasive", Kind::Date, "";
    DATE_ARTERIAL_DRESSING = 232404, "Arterial line dressing changed at", "Access Lines - Invasive", Kind::Date, "";
    DATE_CENTRAL = 232405, "Central line placed on", "Access Lines - Invasive", Kind::Date, "";
    DATE_CENTRAL_TUBING = 232406, "Central line tubing changed on", "Access Lines - Invasive", Kind::Date, "";
    DATE_CENTRAL_CAP = 232407, "Central line cap changed on", "Access Lines - Invasive", Kind::Date, "";
    DATE_CENTRAL_DRESSING = 232408, "Central line dressing changed at", "Access Lines - Invasive", Kind::Date, "";
    DATE_BLADDER = 232409, "Bladder catheter placed on", "GI/GU", Kind::Date, "";
    DATE_SKIN = 232410, "Skin dressing changed at", "Skin - Impairment", Kind::Date, "";
    DATE_DIALYSIS = 232411, "Dialysis catheter placed on", "Access Lines - Invasive", Kind::Date, "";
}
