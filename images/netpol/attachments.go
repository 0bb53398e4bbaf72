package main

import (
	"context"
	"encoding/json"
	"errors"
	"log"
	"net"
	"os"
	"path/filepath"
	"time"
)

// The set-up of a pod's network writes down which address the pod was given, asks the engine to enforce what applies to it, and only then
// lets its containers start. So a pod that a policy isolates is never open, and one that is allowed is known from its first packet.

const (
	// How long a pod's start waits for an engine that does not run, as while it is restarted.
	absentLimit = 2 * time.Second
	// How long it waits for one that runs, and cannot know about the pod while the API server does not answer.
	answerLimit = 3 * time.Second
)

func socketIn(folder string) string { return filepath.Join(folder, "engine.sock") }
func podsIn(folder string) string   { return filepath.Join(folder, "pods") }

// serve answers on the engine's socket until the context ends.
func serve(ctx context.Context, folder string, store *Store) error {
	if err := os.MkdirAll(podsIn(folder), 0o700); err != nil {
		return err
	}
	if err := os.Remove(socketIn(folder)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	listener, err := net.Listen("unix", socketIn(folder))
	if err != nil {
		return err
	}
	context.AfterFunc(ctx, func() { listener.Close() })
	readAttachments(folder, store)
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			go answer(ctx, connection, folder, store)
		}
	}()
	return nil
}

// answer reads an attachment (or an empty one, after one has gone), and closes the connection when it is enforced.
func answer(parent context.Context, connection net.Conn, folder string, store *Store) {
	defer connection.Close()
	_ = connection.SetDeadline(time.Now().Add(answerLimit + time.Second))
	var pod Attachment
	if err := json.NewDecoder(connection).Decode(&pod); err != nil {
		return
	}
	readAttachments(folder, store)
	if pod.Name == "" {
		return
	}
	ctx, cancel := context.WithTimeout(parent, answerLimit)
	defer cancel()
	if err := store.AwaitEnforced(ctx, pod); err != nil {
		log.Printf("pod %s/%s starts before its policies are known: the API server did not answer in time", pod.Namespace, pod.Name)
	}
}

// readAttachments takes over what is written down: all of it, since messages may have been missed while no engine ran.
func readAttachments(folder string, store *Store) {
	store.Change(func() {
		store.attachments = nil
		entries, _ := os.ReadDir(podsIn(folder))
		for _, entry := range entries {
			var attachment Attachment
			text, err := os.ReadFile(filepath.Join(podsIn(folder), entry.Name()))
			if err == nil && json.Unmarshal(text, &attachment) == nil {
				store.attachments = append(store.attachments, attachment)
			}
		}
	})
}

// tell hands the engine an attachment and returns when it is enforced; an error says that no engine was there.
func tell(folder string, pod Attachment, limit time.Duration) error {
	givenUpAt := time.Now().Add(limit)
	for {
		connection, err := net.Dial("unix", socketIn(folder))
		if err == nil {
			defer connection.Close()
			_ = connection.SetDeadline(time.Now().Add(answerLimit + 2*time.Second))
			if err := json.NewEncoder(connection).Encode(pod); err != nil {
				return err
			}
			_, _ = connection.Read(make([]byte, 1))
			return nil
		}
		if time.Now().After(givenUpAt) {
			return err
		}
		time.Sleep(50 * time.Millisecond)
	}
}
