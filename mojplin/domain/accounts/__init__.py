"""Users, registration, sign-in confirmed by mail, sessions, terms. Written by people's own acts."""
