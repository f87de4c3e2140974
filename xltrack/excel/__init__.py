"""Workbooks out: templates to fill in, annotated returns, the national workbook, refreshed pivots."""
