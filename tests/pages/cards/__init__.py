"""The cards that a woman is shown: changing her mind, supporters who fall away, and the desk."""
