"""Machine-readable text on paper: bar codes, MRZ, and what they say of the applicant."""
