# HiGHS in a few large sources instead of 200 small ones, as the Makefile has it compiled: the headers are read
# once for many, which takes less than half of the time.
set(CMAKE_UNITY_BUILD ON)
# How far HiGHS is optimised, where that is not as CMake has it.
if(DEFINED ENV{HIGHS_OPTIMISED})
    set(CMAKE_CXX_FLAGS_RELEASE "$ENV{HIGHS_OPTIMISED} -DNDEBUG" CACHE STRING "")
endif()
