"""The survey editor: a survey's parts, area, dates and rules, a copy, what is missing, and a look with a pupil's eyes.

It lives here, above surveys, because what may be changed hangs on what has been drawn, and the look is the pupils' page. What is written
is written by surveys.services.
"""
