// Package lifeline ends the process when the supervisor that started it is gone, however it went.
//
// The supervisor hands every component a pipe and names its number in SANDBOX_LIFELINE. Nothing is ever written to
// it: end of file means that the other end was closed, which the kernel does even for a supervisor killed with SIGKILL.
// Importing the package for its side effect is enough; without the variable it does nothing.
package lifeline

import (
	"io"
	"os"
	"strconv"
)

// Variable names the environment variable that holds the number of the inherited pipe.
const Variable = "SANDBOX_LIFELINE"

// init, not a function to call: it runs on the main thread, which dieWithParent needs, and before any main starts.
func init() {
	value := os.Getenv(Variable)
	if value == "" {
		return
	}
	number, err := strconv.Atoi(value)
	if err != nil {
		os.Stderr.WriteString(Variable + " is not a number: " + value + "\n")
		os.Exit(2)
	}
	os.Unsetenv(Variable)
	closeOnExec(number)
	dieWithParent()
	go watch(os.NewFile(uintptr(number), "lifeline"))
}

func watch(pipe *os.File) {
	_, _ = io.Copy(io.Discard, pipe)
	os.Exit(70)
}
