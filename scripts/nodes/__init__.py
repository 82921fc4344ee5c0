"""What `make nodes` and `make deploy-rehearsal` start and check: two machines behind nginx, each in a network namespace of its own."""
