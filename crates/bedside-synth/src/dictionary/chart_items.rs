//! Chart items that concepts read, or that stand beside them at the bedside: identifier, label, category, unit.
//!
//! Identifiers and labels are those that the definitions of the derived tables name. Everything else that is charted has
//! made-up items, see `filler`.

#![expect(clippy::unreadable_literal, reason = "identifiers are searched for as published")]

use super::items::{Item, Kind, Link, items};

items! {
    /// Everything below, for d_items.
    CHART: Link::Chart;

    HEART_RATE = 220045, "Heart Rate", "Routine Vital Signs", Kind::Numeric, "bpm";
    NIBP_SYSTOLIC = 220179, "Non Invasive Blood Pressure systolic", "Routine Vital Signs", Kind::Numeric, "mmHg";
    NIBP_DIASTOLIC = 220180, "Non Invasive Blood Pressure diastolic", "Routine Vital Signs", Kind::Numeric, "mmHg";
    NIBP_MEAN = 220181, "Non Invasive Blood Pressure mean", "Routine Vital Signs", Kind::Numeric, "mmHg";
    ABP_SYSTOLIC = 220050, "Arterial Blood Pressure systolic", "Routine Vital Signs", Kind::Numeric, "mmHg";
    ABP_DIASTOLIC = 220051, "Arterial Blood Pressure diastolic", "Routine Vital Signs", Kind::Numeric, "mmHg";
    ABP_MEAN = 220052, "Arterial Blood Pressure mean", "Routine Vital Signs", Kind::Numeric, "mmHg";
    ART_SYSTOLIC = 225309, "ART BP Systolic", "Routine Vital Signs", Kind::Numeric, "mmHg";
    ART_DIASTOLIC = 225310, "ART BP Diastolic", "Routine Vital Signs", Kind::Numeric, "mmHg";
    ART_MEAN = 225312, "ART BP Mean", "Routine Vital Signs", Kind::Numeric, "mmHg";
    RESPIRATORY_RATE = 220210, "Respiratory Rate", "Respiratory", Kind::Numeric, "insp/min";
    OXYGEN_SATURATION = 220277, "O2 saturation pulseoxymetry", "Respiratory", Kind::Numeric, "%";
    TEMPERATURE_F = 223761, "Temperature Fahrenheit", "Routine Vital Signs", Kind::Numeric, "°F";
    TEMPERATURE_C = 223762, "Temperature Celsius", "Routine Vital Signs", Kind::Numeric, "°C";
    TEMPERATURE_BLOOD = 226329, "Blood Temperature CCO (C)", "Routine Vital Signs", Kind::Numeric, "°C";
    TEMPERATURE_SITE = 224642, "Temperature Site", "Routine Vital Signs", Kind::Text, "";
    DOPPLER_PRESSURE = 224166, "Doppler BP", "Routine Vital Signs", Kind::Numeric, "mmHg";
    BLADDER_PRESSURE = 223763, "Bladder Pressure", "GI/GU", Kind::Numeric, "mmHg";
    HEART_RHYTHM = 220048, "Heart Rhythm", "Routine Vital Signs", Kind::Text, "";
    ECTOPY_TYPE = 224650, "Ectopy Type 1", "Routine Vital Signs", Kind::Text, "";
    ECTOPY_FREQUENCY = 224651, "Ectopy Frequency 1", "Routine Vital Signs", Kind::Text, "";
    ECTOPY_TYPE_2 = 226479, "Ectopy Type 2", "Routine Vital Signs", Kind::Text, "";
    ECTOPY_FREQUENCY_2 = 226480, "Ectopy Frequency 2", "Routine Vital Signs", Kind::Text, "";
    GLUCOSE_FINGER = 225664, "Glucose finger stick (range 70-100)", "Labs", Kind::Numeric, "mg/dL";
    GLUCOSE_SERUM = 220621, "Glucose (serum)", "Labs", Kind::Numeric, "mg/dL";
    GLUCOSE_WHOLE_BLOOD = 226537, "Glucose (whole blood)", "Labs", Kind::Numeric, "mg/dL";

    GCS_EYES = 220739, "GCS - Eye Opening", "Neurological", Kind::Text, "";
    GCS_VERBAL = 223900, "GCS - Verbal Response", "Neurological", Kind::Text, "";
    GCS_MOTOR = 223901, "GCS - Motor Response", "Neurological", Kind::Text, "";
    ICP = 220765, "Intra Cranial Pressure", "Neurological", Kind::Numeric, "mmHg";
    ICP_2 = 227989, "Intra Cranial Pressure #2", "Neurological", Kind::Numeric, "mmHg";

    HEIGHT_INCHES = 226707, "Height", "General", Kind::Numeric, "Inch";
    HEIGHT_CM = 226730, "Height (cm)", "General", Kind::Numeric, "cm";
    WEIGHT_ADMISSION = 226512, "Admission Weight (Kg)", "General", Kind::Numeric, "kg";
    WEIGHT_DAILY = 224639, "Daily Weight", "General", Kind::Numeric, "kg";
    CODE_STATUS = 223758, "Code Status", "ADT", Kind::Text, "";
    PROBLEM_LIST = 220001, "Problem List", "General", Kind::Text, "";

    OXYGEN_FLOW = 223834, "O2 Flow", "Respiratory", Kind::Numeric, "L/min";
    OXYGEN_FLOW_BIPAP = 227582, "BiPap O2 Flow", "Respiratory", Kind::Numeric, "L/min";
    OXYGEN_FLOW_ADDITIONAL = 227287, "O2 Flow (additional cannula)", "Respiratory", Kind::Numeric, "L/min";
    OXYGEN_DEVICE = 226732, "O2 Delivery Device(s)", "Respiratory", Kind::Text, "";
    INSPIRED_OXYGEN = 223835, "Inspired O2 Fraction", "Respiratory", Kind::Numeric, "";
    RATE_SET = 224688, "Respiratory Rate (Set)", "Respiratory", Kind::Numeric, "insp/min";
    RATE_SPONTANEOUS = 224689, "Respiratory Rate (spontaneous)", "Respiratory", Kind::Numeric, "insp/min";
    RATE_TOTAL = 224690, "Respiratory Rate (Total)", "Respiratory", Kind::Numeric, "insp/min";
    MINUTE_VOLUME = 224687, "Minute Volume", "Respiratory", Kind::Numeric, "L/min";
    TIDAL_SET = 224684, "Tidal Volume (set)", "Respiratory", Kind::Numeric, "mL";
    TIDAL_OBSERVED = 224685, "Tidal Volume (observed)", "Respiratory", Kind::Numeric, "mL";
    TIDAL_SPONTANEOUS = 224686, "Tidal Volume (spontaneous)", "Respiratory", Kind::Numeric, "mL";
    PLATEAU_PRESSURE = 224696, "Plateau Pressure", "Respiratory", Kind::Numeric, "cmH2O";
    PEEP_SET = 220339, "PEEP set", "Respiratory", Kind::Numeric, "cmH2O";
    PEEP_TOTAL = 224700, "Total PEEP Level", "Respiratory", Kind::Numeric, "cmH2O";
    FLOW_RATE = 224691, "Flow Rate (L/min)", "Respiratory", Kind::Numeric, "L/min";
    VENTILATOR_MODE = 223849, "Ventilator Mode", "Respiratory", Kind::Text, "";
    VENTILATOR_MODE_HAMILTON = 229314, "Ventilator Mode (Hamilton)", "Respiratory", Kind::Text, "";
    VENTILATOR_TYPE = 223848, "Ventilator Type", "Respiratory", Kind::Text, "";

    CRRT_MODE = 227290, "CRRT mode", "Dialysis", Kind::Text, "";
    ACCESS_PRESSURE = 224149, "Access Pressure", "Dialysis", Kind::Numeric, "mmHg";
    FILTER_PRESSURE = 224150, "Filter Pressure", "Dialysis", Kind::Numeric, "mmHg";
    EFFLUENT_PRESSURE = 224151, "Effluent Pressure", "Dialysis", Kind::Numeric, "mmHg";
    RETURN_PRESSURE = 224152, "Return Pressure", "Dialysis", Kind::Numeric, "mmHg";
    BLOOD_FLOW = 224144, "Blood Flow (ml/min)", "Dialysis", Kind::Numeric, "mL/min";
    HEPARIN_DOSE = 224145, "Heparin Dose (per hour)", "Dialysis", Kind::Numeric, "units";
    SYSTEM_INTEGRITY = 224146, "System Integrity", "Dialysis", Kind::Text, "";
    REPLACEMENT_RATE = 224153, "Replacement Rate", "Dialysis", Kind::Numeric, "mL/hour";
    DIALYSATE_RATE = 224154, "Dialysate Rate", "Dialysis", Kind::Numeric, "mL/hour";
    FLUID_REMOVAL = 224191, "Hourly Patient Fluid Removal", "Dialysis", Kind::Numeric, "mL";
    CURRENT_GOAL = 225183, "Current Goal", "Dialysis", Kind::Numeric, "mL";
    CITRATE = 228004, "Citrate (ACD-A)", "Dialysis", Kind::Numeric, "mL/hour";
    PREFILTER_RATE = 228005, "PBP (Prefilter) Replacement Rate", "Dialysis", Kind::Numeric, "mL/hour";
    POSTFILTER_RATE = 228006, "Post Filter Replacement Rate", "Dialysis", Kind::Numeric, "mL/hour";
    ULTRAFILTRATE = 226457, "Ultrafiltrate Output", "Dialysis", Kind::Numeric, "mL";
    REPLACEMENT_FLUID = 225976, "Replacement Fluid", "Dialysis", Kind::Text, "";
    DIALYSATE_FLUID = 225977, "Dialysate Fluid", "Dialysis", Kind::Text, "";
    HEPARIN_CONCENTRATION = 225958, "Heparin Concentration (units/mL)", "Dialysis", Kind::Text, "";
    FILTER_CHANGE_REASON = 225956, "Reason for CRRT Filter Change", "Dialysis", Kind::Text, "";
    VOLUME_NOT_REMOVED = 227438, "Volume not removed", "Dialysis", Kind::Numeric, "mL";
    HEMODIALYSIS_OUTPUT = 226499, "Hemodialysis Output", "Dialysis", Kind::Numeric, "mL";
    ACCESS_SITE = 224135, "Dialysis Access Site", "Dialysis", Kind::Text, "";
    SITE_APPEARANCE = 224139, "Dialysis Site Appearance", "Dialysis", Kind::Text, "";
    ACCESS_TYPE = 225954, "Dialysis Access Type", "Dialysis", Kind::Text, "";
    ART_LUMEN = 224404, "ART Lumen Volume", "Dialysis", Kind::Numeric, "mL";
    VEN_LUMEN = 224406, "VEN Lumen Volume", "Dialysis", Kind::Numeric, "mL";
    CATHETER_APPEARANCE = 225323, "Dialysis Catheter Site Appear", "Access Lines - Invasive", Kind::Text, "";
    CATHETER_CULTURED = 225725, "Dialysis Catheter Tip Cultured", "Access Lines - Invasive", Kind::Checkbox, "";
    CATHETER_DISCONTINUED = 225740, "Dialysis Catheter Discontinued", "Access Lines - Invasive", Kind::Checkbox, "";
    CATHETER_DRESSING = 225776, "Dialysis Catheter Dressing Type", "Access Lines - Invasive", Kind::Text, "";
    CATHETER_OUTSIDE = 226118, "Dialysis Catheter placed in outside facility", "Access Lines - Invasive", Kind::Checkbox, "";
    CATHETER_TYPE = 227124, "Dialysis Catheter Type", "Access Lines - Invasive", Kind::Text, "";
    CATHETER_OCCLUSIVE = 227357, "Dialysis Catheter Dressing Occlusive", "Access Lines - Invasive", Kind::Checkbox, "";
    CATHETER_CONFIRMED = 227753, "Dialysis Catheter Placement Confirmed by X-ray", "Access Lines - Invasive", Kind::Checkbox, "";
    PD_VOLUME_IN = 225806, "Volume In (PD)", "Dialysis", Kind::Numeric, "mL";
    PD_VOLUME_OUT = 225807, "Volume Out (PD)", "Dialysis", Kind::Numeric, "mL";
    PD_DWELL_TIME = 225810, "Dwell Time (Peritoneal Dialysis)", "Dialysis", Kind::Numeric, "hour";
    PD_APPEARANCE = 225951, "Peritoneal Dialysis Fluid Appearance", "Dialysis", Kind::Text, "";
    PD_MEDICATION_1 = 225952, "Medication Added #1 (Peritoneal Dialysis)", "Dialysis", Kind::Text, "";
    PD_SOLUTION = 225953, "Solution (Peritoneal Dialysis)", "Dialysis", Kind::Text, "";
    PD_AMOUNT_1 = 225959, "Medication Added Amount  #1 (Peritoneal Dialysis)", "Dialysis", Kind::Numeric, "";
    PD_UNITS_1 = 225961, "Medication Added Units #1 (Peritoneal Dialysis)", "Dialysis", Kind::Text, "";
    PD_CATHETER_TYPE = 225963, "Peritoneal Dialysis Catheter Type", "Dialysis", Kind::Text, "";
    PD_CATHETER_STATUS = 225965, "Peritoneal Dialysis Catheter Status", "Dialysis", Kind::Text, "";
    PD_MEDICATION_2 = 227638, "Medication Added #2 (Peritoneal Dialysis)", "Dialysis", Kind::Text, "";
    PD_AMOUNT_2 = 227639, "Medication Added Amount  #2 (Peritoneal Dialysis)", "Dialysis", Kind::Numeric, "";
    PD_UNITS_2 = 227640, "Medication Added Units #2 (Peritoneal Dialysis)", "Dialysis", Kind::Text, "";
}
