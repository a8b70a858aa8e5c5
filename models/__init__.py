"""Models that rank ops and configurations, by name (:mod:`tpugraph_db.models.registry`)."""
