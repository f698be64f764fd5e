"""Where notices for those who work here go, and what the desk does with notices that could not be sent."""
