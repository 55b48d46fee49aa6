"""What the service needs from the outside, as protocols, and the values that cross them."""
