"""What the pages are made of: session state, caches, widgets, the map, the dossier on screen."""
