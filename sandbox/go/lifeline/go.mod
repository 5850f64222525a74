module sandbox/lifeline

go 1.26.0
