"""The practice as a person meets it: the product really running, and a real browser in front of it."""
