"""Detectors: one file each; nothing to register."""
