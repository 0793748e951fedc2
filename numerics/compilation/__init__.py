"""How kernels are compiled and kept, and what processor they run on."""
