//! Sources other than folders, against servers on loopback that misbehave.
