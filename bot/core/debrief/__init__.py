"""The verdict, the debrief and the report of an interview."""
