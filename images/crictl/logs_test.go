package main

import (
	"bufio"
	"errors"
	"io"
	"strings"
	"testing"
	"time"
)

func TestLogLines(t *testing.T) {
	const at = "2026-01-02T03:04:05.678900001Z"
	text := at + " stdout F one word  and more\n" + at + " stderr P half\n" + at + " stdout F \n" + at + " stdout F not whole ye"
	lines := &logLines{reader: bufio.NewReader(strings.NewReader(text))}
	moment, err := time.Parse(time.RFC3339Nano, at)
	if err != nil {
		t.Fatal(err)
	}
	for _, wanted := range []line{
		{at: moment, time: at, text: "one word  and more", whole: true},
		{at: moment, time: at, text: "half", isError: true},
		{at: moment, time: at, text: "", whole: true},
	} {
		if got, err := lines.next(); err != nil || got != wanted {
			t.Errorf("%+v (%v), not %+v", got, err, wanted)
		}
	}
	if _, err := lines.next(); !errors.Is(err, io.EOF) {
		t.Fatalf("a line that is being written was taken for whole: %v", err)
	}
	// What comes later belongs to it.
	lines.reader.Reset(strings.NewReader("t\n"))
	if got, err := lines.next(); err != nil || got.text != "not whole yet" {
		t.Errorf("%q (%v)", got.text, err)
	}
	lines.reader.Reset(strings.NewReader("no log\n"))
	if _, err := lines.next(); err == nil {
		t.Error("what is no log was taken for one")
	}
}

func TestTexts(t *testing.T) {
	for given, wanted := range map[string]string{"CONTAINER_RUNNING": "Running", "SANDBOX_READY": "Ready", "SANDBOX_NOTREADY": "NotReady"} {
		if got := word(given); got != wanted {
			t.Errorf("%s reads %s, not %s", given, got, wanted)
		}
	}
	for bytes, wanted := range map[uint64]string{512: "512B", 1_500: "1.5kB", 81_234_567: "81.2MB"} {
		if got := size(bytes); got != wanted {
			t.Errorf("%d reads %s, not %s", bytes, got, wanted)
		}
	}
	if got := ago(time.Now().Add(-90 * time.Minute).UnixNano()); got != "1 hour ago" {
		t.Errorf("90 minutes are %q", got)
	}
}

func TestFlagsDoNotClash(t *testing.T) {
	all := root()
	for _, command := range all.Commands() {
		if err := command.ParseFlags(nil); err != nil {
			t.Errorf("%s: %v", command.Name(), err)
		}
	}
	all.SetArgs([]string{"-t", "5s", "exec", "-i", "-t", "--help"})
	if err := all.Execute(); err != nil {
		t.Error(err)
	}
}
