"""Findings and results for people and programs: text, JSON."""
