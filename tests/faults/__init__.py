"""Loads through faults: afterwards the same command ends as if nothing had happened."""
