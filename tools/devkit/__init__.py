"""What `./dev` and `tools/devdb.py` are made of: the standard library only, since it runs before anything is installed."""
