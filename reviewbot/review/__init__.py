"""What a review is: pure values and rules, no I/O, no clock, no environment."""
