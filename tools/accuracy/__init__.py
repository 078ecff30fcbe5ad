"""How well the heating model does on real homes: `make accuracy DATA=folder` (`__main__`)."""
