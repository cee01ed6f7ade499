"""Tidegate: logs in, cases out. It finds sensitive data leaving an organisation, early, and says why."""

__version__ = "0.1.0"
