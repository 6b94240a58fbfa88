"""Results of library functions, held between reruns: one module per kind of thing."""
