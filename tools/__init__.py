"""What developers run: installing, checking, generating pages. The product imports none of it."""
