"""Every promise that a page makes, with the test that holds it; what reads them, checks them and writes the page."""
