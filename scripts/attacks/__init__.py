"""`make attacks`: does to a running site what somebody who means harm would do, and tells what came of it."""
