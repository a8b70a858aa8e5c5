"""Training a network, and the folder that keeps it."""
