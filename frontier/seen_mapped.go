//go:build linux || darwin

package frontier

import "syscall"

// fromMapped is the size from which memory is taken from the system. Below it,
// the page that a mapping is rounded up to would weigh.
const fromMapped = 64 << 10

// takeMemory returns n bytes of zeros, outside the heap if they are many.
func takeMemory(n int) (p []byte, mapped bool) {
	if n >= fromMapped {
		p, err := syscall.Mmap(-1, 0, n, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
		if err == nil {
			return p, true
		}
	}
	return make([]byte, n), false
}

// giveMemory gives back what takeMemory gave.
func giveMemory(p []byte, mapped bool) {
	if mapped {
		_ = syscall.Munmap(p) // it fails for what is no mapping alone
	}
}
