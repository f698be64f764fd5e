"""Many at once, on both databases: nobody is promised twice."""
