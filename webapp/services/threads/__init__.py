"""The staff's conversations with one woman or one supporter: who may read in people, what was said in talking."""
