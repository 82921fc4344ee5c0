"""Time: business hours, local time, and instants in words. Pure; imports nothing of this app."""
