module sandbox/pki

go 1.26.0
