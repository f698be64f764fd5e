"""The site in a real browser, served by a real server: the true path, with and without JavaScript, in two languages."""
