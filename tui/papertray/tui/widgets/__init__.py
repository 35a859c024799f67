"""What a screen is made of: the list, the preview, the lines around them."""
