"""What people do in a place, worked on in one transaction each."""
