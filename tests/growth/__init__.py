"""How the site grows: every page at 10 to 10,000 people, beside a bare page in the same run: docs/growth.md."""
