"""Faults planted in the code, one after another: what no test notices is named. `make mutants`."""
