"""Every mail: its words, the queue, delivery, reminders and calendar objects. Imports requests, models, clocks, links."""
