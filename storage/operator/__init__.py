"""What the operator is told: faults of sources, of the network, dead letters."""
