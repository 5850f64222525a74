package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTokensRise(t *testing.T) {
	volume := t.TempDir()
	for want := 1; want <= 3; want++ {
		f, err := enter(volume)
		if err != nil || f.token != want {
			t.Fatalf("token %v, %v: want %d", f, err, want)
		}
		f.leave()
	}
}

func TestTheOlderWriterFindsTheNewer(t *testing.T) {
	volume := t.TempDir()
	first, err := enter(volume)
	if err != nil {
		t.Fatal(err)
	}
	if newer, err := first.beat(); newer != 0 || err != nil {
		t.Fatalf("alone, and yet %d, %v", newer, err)
	}
	second, err := enter(volume)
	if err != nil {
		t.Fatal(err)
	}
	if newer, err := first.beat(); newer != second.token || err != nil {
		t.Fatalf("%d, %v: want %d", newer, err, second.token)
	}
	if newer, _ := second.beat(); newer != 0 {
		t.Fatalf("the newer one finds %d", newer)
	}
	evidence, err := os.ReadFile(filepath.Join(volume, ".fence", "second-writer"))
	if err != nil || !strings.Contains(string(evidence), `"token":1`) || !strings.Contains(string(evidence), `"newer":2`) {
		t.Fatalf("%s, %v", evidence, err)
	}
}

func TestAnOrderlyEndLeavesNoWriter(t *testing.T) {
	volume := t.TempDir()
	f, err := enter(volume)
	if err != nil {
		t.Fatal(err)
	}
	f.leave()
	left, _ := filepath.Glob(filepath.Join(volume, ".fence", "writer-*"))
	if len(left) != 0 {
		t.Fatal(left)
	}
}
