"""The performance contract, measured: each row beside its peer, in one run, on one machine (docs/performance.md)."""
