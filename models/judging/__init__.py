"""How well scores rank: metrics, what is judged, means with intervals."""
