"""Ask: who asks whom, where, when and in what words."""
