"""Graph networks over DGL or torch's sparse product, by name (:mod:`.by_name`)."""
