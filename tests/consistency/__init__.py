"""What the tables publish of a generated million, kept to see when it changes."""
