"""Learn: what planners find in what children drew; imports downwards only (mapping, surveys)."""
