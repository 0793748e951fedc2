"""Evidence for the laws of calibration."""
