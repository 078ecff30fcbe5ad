"""Who may see what: links of users to supply points, proven by three numbers. Every customer page begins here."""
