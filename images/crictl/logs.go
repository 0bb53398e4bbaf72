package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
	runtime "k8s.io/cri-api/pkg/apis/runtime/v1"
)

// followEvery is how often a log that is followed is looked at.
const followEvery = 200 * time.Millisecond

type logging struct {
	follow, times, previous bool
	tail                    int
	since                   string
}

func logsCommand(c *client) *cobra.Command {
	var options logging
	command := &cobra.Command{Use: "logs ID", Short: "Show the log of a container", Args: cobra.ExactArgs(1), RunE: func(command *cobra.Command, args []string) error {
		return c.logs(command, args[0], options)
	}}
	flags := command.Flags()
	flags.BoolVarP(&options.follow, "follow", "f", false, "go on until the container ends")
	flags.IntVar(&options.tail, "tail", -1, "the last lines, so many")
	flags.BoolVar(&options.times, "timestamps", false, "each with its time")
	flags.BoolVarP(&options.previous, "previous", "p", false, "of the container before it in its pod")
	flags.StringVar(&options.since, "since", "", "since a time (RFC 3339) or for a while (5m)")
	return command
}

func (c *client) logs(command *cobra.Command, id string, options logging) error {
	ctx, cancel := c.within(command)
	defer cancel()
	answer, err := c.runtime.ContainerStatus(ctx, &runtime.ContainerStatusRequest{ContainerId: id})
	if err != nil {
		return err
	}
	path := answer.Status.LogPath
	if options.previous {
		attempt := answer.Status.Metadata.Attempt
		if attempt == 0 {
			return fmt.Errorf("previous terminated container %q not found", answer.Status.Metadata.Name)
		}
		path = filepath.Join(filepath.Dir(path), fmt.Sprintf("%d.log", attempt-1))
	}
	since, err := beginning(options.since)
	if err != nil {
		return err
	}
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	lines := &logLines{reader: bufio.NewReader(file)}
	var kept []line
	for {
		next, err := lines.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if next.at.Before(since) {
			continue
		}
		if kept = append(kept, next); options.tail >= 0 && len(kept) > options.tail {
			kept = kept[1:]
		}
	}
	for _, one := range kept {
		one.print(options.times)
	}
	for options.follow {
		next, err := lines.next()
		if err == nil {
			next.print(options.times)
			continue
		}
		if !errors.Is(err, io.EOF) {
			return err
		}
		if ended, err := c.hasEnded(command, id); ended || err != nil {
			return err
		}
		select {
		case <-command.Context().Done():
			return nil
		case <-time.After(followEvery):
		}
	}
	return nil
}

func (c *client) hasEnded(command *cobra.Command, id string) (bool, error) {
	ctx, cancel := c.within(command)
	defer cancel()
	answer, err := c.runtime.ContainerStatus(ctx, &runtime.ContainerStatusRequest{ContainerId: id})
	if errors.Is(command.Context().Err(), context.Canceled) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	return answer.Status.State == runtime.ContainerState_CONTAINER_EXITED, nil
}

func beginning(since string) (time.Time, error) {
	if since == "" {
		return time.Time{}, nil
	}
	if length, err := time.ParseDuration(since); err == nil {
		return time.Now().Add(-length), nil
	}
	return time.Parse(time.RFC3339Nano, since)
}

// line of a log as the runtime writes it: TIME STREAM P|F TEXT, where P stands for a part of a line.
type line struct {
	at             time.Time
	time, text     string
	isError, whole bool
}

func (l line) print(times bool) {
	target := os.Stdout
	if l.isError {
		target = os.Stderr
	}
	text := l.text
	if l.whole {
		text += "\n"
	}
	if times {
		text = l.time + " " + text
	}
	fmt.Fprint(target, text)
}

// logLines reads whole lines, also where the file's last one is still being written.
type logLines struct {
	reader  *bufio.Reader
	partial string
}

func (l *logLines) next() (line, error) {
	text, err := l.reader.ReadString('\n')
	l.partial += text
	if err != nil {
		return line{}, err
	}
	words := strings.SplitN(strings.TrimSuffix(l.partial, "\n"), " ", 4)
	l.partial = ""
	if len(words) != 4 {
		return line{}, fmt.Errorf("this is no log of a container: %q", strings.Join(words, " "))
	}
	at, err := time.Parse(time.RFC3339Nano, words[0])
	return line{at: at, time: words[0], text: words[3], isError: words[1] == "stderr", whole: words[2] == "F"}, err
}
