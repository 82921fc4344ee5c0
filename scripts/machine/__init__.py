"""What `make machine` starts and checks: the processes of compose.yaml, without containers."""
