"""The address that a monitor asks: is the site well."""
