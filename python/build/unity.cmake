# HiGHS in a few large sources instead of 200 small ones: the headers are read once for many, which takes less than
# half of the time. The Makefile has it compiled so, and on Linux `pip install .` (build_backend.py).
set(CMAKE_UNITY_BUILD ON)
# How many sources are put together, where that is not as CMake has it (8).
if(DEFINED ENV{HIGHS_BATCH})
    set(CMAKE_UNITY_BUILD_BATCH_SIZE $ENV{HIGHS_BATCH})
endif()
# How far HiGHS is optimised, where that is not as CMake has it.
if(DEFINED ENV{HIGHS_OPTIMISED})
    set(CMAKE_CXX_FLAGS_RELEASE "$ENV{HIGHS_OPTIMISED} -DNDEBUG" CACHE STRING "")
endif()
