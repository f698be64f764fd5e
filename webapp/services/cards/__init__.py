"""The cards that a woman is shown: how they stand, who falls away, what should differ, room, and taking one back."""
