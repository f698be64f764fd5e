"""Half a year of an invented programme, lived through the site's own services."""
