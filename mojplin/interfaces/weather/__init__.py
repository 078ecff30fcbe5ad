"""The door for the weather: daily temperatures come in from a file or from a service of the network. Celsius."""
