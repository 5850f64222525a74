package lifeline

import "syscall"

// A component that hangs in SIGSTOP never reads the end of the pipe, so the kernel is asked to kill it as well.
// The setting belongs to the calling thread: init runs on the main one, which lives as long as the process.
func dieWithParent() {
	_, _, _ = syscall.RawSyscall(syscall.SYS_PRCTL, syscall.PR_SET_PDEATHSIG, uintptr(syscall.SIGKILL), 0)
}

// Commands that a component starts (exec into a Pod, for one) must not hold the pipe.
func closeOnExec(number int) { syscall.CloseOnExec(number) }
