"""The rows of the table, one file for each kind of work. A row is a function that measures and returns its figures."""
