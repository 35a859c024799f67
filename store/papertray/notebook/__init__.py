"""The one object that the screen and the command line talk to."""
