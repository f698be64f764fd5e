"""Two stories told whole, in a browser and on a moved clock: Marie in recovery, and Anne after abuse."""
