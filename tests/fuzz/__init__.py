"""Coverage-guided fuzzing of the readers and of the validation; CONTRIBUTING.md says how."""
