# HiGHS in a few large sources instead of 200 small ones, as the Makefile has it compiled: the headers are read
# once for many, which takes less than half of the time.
set(CMAKE_UNITY_BUILD ON)
