"""The adapters: everything that touches LINE, Redis, processes and the clock."""
