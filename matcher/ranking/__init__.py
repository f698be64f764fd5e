"""Who fits one need, best first: a need in whole grains, held against everybody at once."""
