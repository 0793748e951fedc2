"""What the dynamics write into the norms (C): drift, heat and decay, specificity, uncertainty, frequency."""
