"""The panels under the chat: what the admins' one holds, how it is drawn, and how it gets to LINE."""
