"""Every sentence that people read, and the blocks it is made of."""
