"""nearpeer beside other solvers, on the same instances."""
