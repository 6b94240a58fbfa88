"""Maps: Web Mercator tiles drawn from our own data, and the click map that shows them."""
