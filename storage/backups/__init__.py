"""A backup: one file with all that is needed to go on elsewhere, made while presswatch runs, and brought back."""
