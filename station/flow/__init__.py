"""What the operator does: one applicant's visit from desk to seal."""
