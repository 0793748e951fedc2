"""``normlaw imprint``: what norms will mean under a setting of training, as text, fits and a picture."""
