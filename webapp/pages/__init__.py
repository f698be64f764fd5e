"""The parts of the site, one folder each: views, forms and their templates. No part knows another."""
