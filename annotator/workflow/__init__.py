"""The verbs: the only layer that sees store and learn together; what pages and commands call."""
