# HiGHS in a few large sources instead of 200 small ones, as the Makefile has it compiled: the headers are read
# once for many, which takes less than half of the time.
set(CMAKE_UNITY_BUILD ON)
# What is compiled to be tested, and not to be used.
if("$ENV{CARGO_PROFILE_RELEASE_OPT_LEVEL}" STREQUAL "1")
    set(CMAKE_CXX_FLAGS_RELEASE "-O1 -DNDEBUG" CACHE STRING "")
endif()
