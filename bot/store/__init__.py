"""The record in Redis: one JSON value per friend, one commit per decision, every index derived in that commit."""
