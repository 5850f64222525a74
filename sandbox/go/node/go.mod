module sandbox/node

go 1.26.0

require sandbox/lifeline v0.0.0

replace sandbox/lifeline => ../lifeline
