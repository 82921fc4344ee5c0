"""The agenda: a day as columns, a week at a glance, both as a list, and booking into a free time."""
