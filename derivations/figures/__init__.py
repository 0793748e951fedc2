"""Pictures of laws: one style, evidence and witnesses from the points of a run, and the figures that tell the story."""
