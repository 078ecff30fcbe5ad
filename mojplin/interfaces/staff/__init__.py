"""The back office: feeds, rows set aside, the state of outgoing messages."""
