"""Intervals and p-values for statistics of dependent rows: whole clusters resampled, and exact intervals of counts."""
