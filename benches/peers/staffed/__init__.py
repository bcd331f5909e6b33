"""Schools and districts in which pairs meet, beside HiGHS with all columns."""
