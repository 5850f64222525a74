package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// membership is one line of /proc/self/cgroup: `4:memory:/path` for a hierarchy of version 1, `0::/path` for version 2.
type membership struct{ controllers, path string }

func memberships() ([]membership, error) {
	content, err := os.ReadFile("/proc/self/cgroup")
	if err != nil {
		return nil, err
	}
	var found []membership
	for _, line := range strings.Split(strings.TrimSpace(string(content)), "\n") {
		if fields := strings.SplitN(line, ":", 3); len(fields) == 3 {
			found = append(found, membership{fields[1], fields[2]})
		}
	}
	return found, nil
}

// pure tells a machine with nothing but version 2. Where both are mounted, version 1 has the controllers.
func pure(all []membership) bool { return len(all) == 1 && all[0].controllers == "" }

// mountPoint finds where a hierarchy is mounted by the convention that systemd and all before it follow.
func mountPoint(it membership, pure bool) string {
	const root = "/sys/fs/cgroup"
	switch {
	case pure:
		return root
	case it.controllers == "":
		return filepath.Join(root, "unified")
	default:
		return filepath.Join(root, strings.TrimPrefix(it.controllers, "name="))
	}
}

// enterCgroups makes the node's group in every hierarchy and moves this process there; what it answers moves it back.
// Of version 1 the group lies below the caller's own; of version 2 below the root, as only that may both hold
// processes and give its controllers on. The groups are listed before they are made: somebody else may have to remove them.
func enterCgroups(name, list string) (func() error, error) {
	all, err := memberships()
	if err != nil {
		return nil, err
	}
	var homes, groups []string
	for _, it := range all {
		home := mountPoint(it, pure(all))
		if _, err := os.Stat(home); err != nil {
			continue
		}
		group := filepath.Join(home, name)
		if !pure(all) {
			group = filepath.Join(home, it.path, name)
		}
		homes, groups = append(homes, filepath.Join(home, it.path)), append(groups, group)
	}
	if err := os.WriteFile(list, []byte(strings.Join(groups, "\n")+"\n"), 0o600); err != nil {
		return nil, err
	}
	for _, group := range groups {
		if err := makeGroup(group); err != nil {
			return nil, err
		}
	}
	return func() error { return moveTo(homes) }, moveTo(groups)
}

func makeGroup(group string) error {
	if err := os.Mkdir(group, 0o755); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	// A new cpuset of version 1 is empty, and an empty one takes no process.
	for _, file := range []string{"cpuset.cpus", "cpuset.mems"} {
		inherited, err := os.ReadFile(filepath.Join(filepath.Dir(group), file))
		if err != nil || len(strings.TrimSpace(string(inherited))) == 0 {
			continue
		}
		_ = os.WriteFile(filepath.Join(group, file), inherited, 0o644)
	}
	return nil
}

func moveTo(groups []string) error {
	for _, group := range groups {
		if err := os.WriteFile(filepath.Join(group, "cgroup.procs"), []byte("0"), 0o644); err != nil {
			return fmt.Errorf("entering the cgroup: %w", err)
		}
	}
	return nil
}
