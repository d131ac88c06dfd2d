"""Reading foreign GIS files in a process of its own, which can do nothing but read the one file and answer; knows no Django.

What comes in is what somebody uploaded, and GDAL is a million lines of C. docs/decisions/061 says what fences it in.
"""
