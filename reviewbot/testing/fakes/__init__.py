"""Small honest stand-ins for every port of the house: nothing is started, nothing is patched."""
