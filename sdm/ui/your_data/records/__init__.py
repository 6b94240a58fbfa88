"""Species records of one's own: files, how they are read, what is doubtful, and the data set made of them."""
