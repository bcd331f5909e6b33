"""Districts in which pairs meet: leaders, slots and rooms, beside HiGHS with all columns."""
