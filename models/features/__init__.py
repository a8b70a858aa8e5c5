"""What models are told of a graph and its configurations, and what they are to learn: record -> arrays."""
