//go:build !linux

package lifeline

import "syscall"

// Elsewhere there is no such call: a component in SIGSTOP ends when it is continued.
func dieWithParent() {}

func closeOnExec(number int) { syscall.CloseOnExec(number) }
