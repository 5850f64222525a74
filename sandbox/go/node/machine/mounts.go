package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// The kubelet sets these for the whole machine; on this node they are files that hold what it wants to see.
var sysctls = map[string]string{
	"vm/overcommit_memory":      "1",
	"vm/panic_on_oom":           "0",
	"kernel/panic":              "10",
	"kernel/panic_on_oops":      "1",
	"kernel/keys/root_maxkeys":  "1000000",
	"kernel/keys/root_maxbytes": "25000000",
}

// furnish gives the node its own /proc, /sys, /run and /var. Nothing of it is seen outside of the mount namespace.
func furnish(spec *Spec) error {
	groups, err := memberships()
	if err != nil {
		return err
	}
	resolv, err := filepath.EvalSymlinks("/etc/resolv.conf")
	if err != nil {
		return err
	}
	steps := []func() error{
		func() error { return mount("none", "/", "", syscall.MS_PRIVATE|syscall.MS_REC, "") },
		func() error {
			return mount("proc", "/proc", "proc", syscall.MS_NOSUID|syscall.MS_NODEV|syscall.MS_NOEXEC, "")
		},
		func() error { return mountSys(groups) },
		func() error { return mount("tmpfs", "/run", "tmpfs", syscall.MS_NOSUID|syscall.MS_NODEV, "mode=755") },
		func() error { return mountVar(spec.Var) },
		func() error { return hideSysctls("/run/sysctl") },
		func() error { return cover(resolv, spec.Resolv) },
		// Pods' volumes must reach the containers that are made later.
		func() error { return mount("none", "/", "", syscall.MS_SHARED|syscall.MS_REC, "") },
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// mountSys mounts sysfs as this network namespace sees it, and every cgroup hierarchy with the node's group as its root.
func mountSys(groups []membership) error {
	if err := syscall.Unmount("/sys", syscall.MNT_DETACH); err != nil {
		return fmt.Errorf("unmounting /sys: %w", err)
	}
	if err := mount("sysfs", "/sys", "sysfs", 0, ""); err != nil {
		return err
	}
	if pure(groups) {
		if err := mount("cgroup2", "/sys/fs/cgroup", "cgroup2", 0, ""); err != nil {
			return err
		}
		return delegate("/sys/fs/cgroup")
	}
	if err := mount("tmpfs", "/sys/fs/cgroup", "tmpfs", 0, "mode=755"); err != nil {
		return err
	}
	for _, it := range groups {
		// Version 2 beside version 1 has no controller that a node needs, and must not be taken for the real one.
		if it.controllers == "" {
			continue
		}
		options := it.controllers
		if strings.HasPrefix(options, "name=") {
			options = "none," + options
		}
		point := mountPoint(it, false)
		if err := os.MkdirAll(point, 0o755); err != nil {
			return err
		}
		if err := mount("cgroup", point, "cgroup", 0, options); err != nil {
			return err
		}
	}
	return nil
}

// delegate moves this process out of the root of a version 2 hierarchy, so that the root may give its controllers on
// to the kubelet's groups ("no internal processes").
func delegate(root string) error {
	own := filepath.Join(root, "init")
	if err := os.Mkdir(own, 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(own, "cgroup.procs"), []byte("0"), 0o644); err != nil {
		return err
	}
	available, err := os.ReadFile(filepath.Join(root, "cgroup.controllers"))
	if err != nil {
		return err
	}
	for _, controller := range strings.Fields(string(available)) {
		if err := os.WriteFile(filepath.Join(root, "cgroup.subtree_control"), []byte("+"+controller), 0o644); err != nil {
			return fmt.Errorf("giving on the cgroup controller %s: %w", controller, err)
		}
	}
	return nil
}

func mountVar(own string) error {
	for _, folder := range []string{"lib", "log", "cache", "tmp"} {
		if err := os.MkdirAll(filepath.Join(own, folder), 0o755); err != nil {
			return err
		}
	}
	if err := os.Symlink("/run", filepath.Join(own, "run")); err != nil && !os.IsExist(err) {
		return err
	}
	return mount(own, "/var", "", syscall.MS_BIND, "")
}

func hideSysctls(folder string) error {
	if err := os.Mkdir(folder, 0o755); err != nil {
		return err
	}
	for name, value := range sysctls {
		file := filepath.Join(folder, strings.ReplaceAll(name, "/", "."))
		if err := os.WriteFile(file, []byte(value+"\n"), 0o644); err != nil {
			return err
		}
		if err := mount(file, filepath.Join("/proc/sys", name), "", syscall.MS_BIND, ""); err != nil {
			return err
		}
	}
	return nil
}

// cover binds a file over another, which may have been in the /run that is hidden now.
func cover(path, by string) error {
	if strings.HasPrefix(path, "/run/") {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		return os.Symlink(by, path)
	}
	return mount(by, path, "", syscall.MS_BIND, "")
}

func mount(source, target, kind string, flags uintptr, data string) error {
	if err := syscall.Mount(source, target, kind, flags, data); err != nil {
		return fmt.Errorf("mounting %s %s on %s: %w", kind, source, target, err)
	}
	return nil
}
