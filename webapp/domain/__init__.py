"""Pure rules: states, transitions, who may do what. No flask, no sqlalchemy, no clock, no random."""
