"""The virtual Europe: a simulated continent that writes its surveys in the real file formats."""
