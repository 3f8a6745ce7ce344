"""LINE's side, to develop and test against: its HTTP API, its webhooks and a phone in the browser."""
