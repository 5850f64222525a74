package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// fence is one writer's place at a volume.
type fence struct {
	folder string
	token  int
	writer Writer
}

// Writer tells who writes, in writer-TOKEN and, of one that was replaced, in second-writer.
type Writer struct {
	Token int       `json:"token"`
	Host  string    `json:"host"`
	Since time.Time `json:"since"`
	Heard time.Time `json:"heard"`
	// Newer is the token that was found to be newer.
	Newer int `json:"newer,omitempty"`
}

// enter takes the next token. The counter is raised under a lock and replaced in one step, so that no two writers get
// the same and a crash leaves a whole number.
func enter(volume string) (*fence, error) {
	folder := filepath.Join(volume, ".fence")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, err
	}
	lock, err := os.OpenFile(filepath.Join(folder, "lock"), os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	defer lock.Close()
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		return nil, err
	}
	f := &fence{folder: folder}
	last, err := f.counter()
	if err != nil {
		return nil, err
	}
	f.token = last + 1
	if err := f.replace("counter", []byte(strconv.Itoa(f.token)+"\n")); err != nil {
		return nil, err
	}
	host, _ := os.Hostname()
	f.writer = Writer{Token: f.token, Host: host, Since: time.Now().UTC()}
	_, err = f.beat()
	return f, err
}

// counter is 0 of a new volume.
func (f *fence) counter() (int, error) {
	content, err := os.ReadFile(filepath.Join(f.folder, "counter"))
	if errors.Is(err, os.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(strings.TrimSpace(string(content)))
}

// beat answers the newest token if it is not this writer's, after writing down that there are two.
func (f *fence) beat() (newer int, err error) {
	newest, err := f.counter()
	if err != nil {
		return 0, err
	}
	f.writer.Heard = time.Now().UTC()
	if newest > f.token {
		f.writer.Newer = newest
		return newest, f.accuse()
	}
	content, err := json.Marshal(f.writer)
	if err != nil {
		return 0, err
	}
	return 0, f.replace(f.own(), content)
}

// accuse adds a line to second-writer.
func (f *fence) accuse() error {
	line, err := json.Marshal(f.writer)
	if err != nil {
		return err
	}
	evidence, err := os.OpenFile(filepath.Join(f.folder, "second-writer"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer evidence.Close()
	_, err = evidence.Write(append(line, '\n'))
	return err
}

func (f *fence) leave() { _ = os.Remove(filepath.Join(f.folder, f.own())) }

func (f *fence) own() string { return fmt.Sprintf("writer-%d", f.token) }

func (f *fence) replace(name string, content []byte) error {
	draft := filepath.Join(f.folder, fmt.Sprintf(".%s-%d", name, f.token))
	if err := os.WriteFile(draft, content, 0o644); err != nil {
		return err
	}
	return os.Rename(draft, filepath.Join(f.folder, name))
}
