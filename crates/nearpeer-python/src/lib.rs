//! The Python module of nearpeer: converts, releases the GIL and maps errors; no logic of its own.
