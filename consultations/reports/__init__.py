"""What the desk's work comes to in numbers: tables, and the plots drawn from them. Imports requests, models and sheets."""
