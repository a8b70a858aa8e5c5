"""What a network must beat, and what corrects one from a few measured configurations."""
