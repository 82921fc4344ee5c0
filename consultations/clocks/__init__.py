"""Time: business hours, clocks on a wall, and instants in words. Pure; imports nothing of this app."""
