"""The store, held to one contract on the fake, on a real server and on a real cluster."""
