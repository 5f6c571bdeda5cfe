//! State of the program in SQLite: jobs, their statistics, tokens.
