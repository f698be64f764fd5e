"""Many short random histories of a few people on the real services, on either database; asked after every step."""
