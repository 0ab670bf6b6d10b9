"""Values as JSON data and back, by annotation: nothing is executed, nothing is guessed."""
