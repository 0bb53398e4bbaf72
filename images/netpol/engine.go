package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"
)

// Settings of an engine, as its unit gives them.
type Settings struct {
	Node       string
	Kubeconfig string
	// Folder of the socket and of the attachments.
	Folder string
}

const (
	// Between looks for a kubeconfig or an API server that is not there yet: short, since a node's start waits for neither.
	retry    = 250 * time.Millisecond
	retryMax = 2 * time.Second
	// Between two transactions, so that many changes at once become one.
	pause = 20 * time.Millisecond
)

// How often rules are written again although nothing changed, in case somebody flushed them.
const renewalOfRules = time.Minute

// Run enforces until the context ends. Rules are left in place then: what comes after it replaces them at once.
func Run(ctx context.Context, settings Settings) error {
	store := NewStore(settings.Node)
	if err := serve(ctx, settings.Folder, store); err != nil {
		return err
	}
	go followAll(ctx, settings.Kubeconfig, store)
	return enforce(ctx, store, renewalOfRules, nft)
}

// followAll keeps the store up to date, over restarts of the API server and changes of the kubeconfig.
func followAll(ctx context.Context, path string, store *Store) {
	wait, said := retry, false
	for ctx.Err() == nil {
		startedAt := time.Now()
		api, err := OpenAPI(path)
		if err == nil {
			err = followWith(ctx, api, path, store)
			api.Close()
		}
		// Once each time: a control plane that is broken on purpose stays so, and its journal is read.
		lasted := time.Since(startedAt) > 10*time.Second
		if (lasted || !said) && !errors.Is(err, os.ErrNotExist) && ctx.Err() == nil {
			log.Printf("not connected: %v", err)
			said = true
		}
		// What is not there yet costs nothing to ask for; a server that refuses is asked less and less.
		absent := errors.Is(err, os.ErrNotExist) || errors.Is(err, syscall.ECONNREFUSED)
		if absent || lasted {
			wait = retry
		}
		sleep(ctx, wait)
		wait = min(wait*3/2, retryMax)
	}
}

// followWith returns when one kind could not be followed, and ends the others.
func followWith(parent context.Context, api *API, path string, store *Store) error {
	ctx, cancel := context.WithCancelCause(parent)
	defer cancel(nil)
	var all sync.WaitGroup
	start := func(work func() error) {
		all.Add(1)
		go func() {
			defer all.Done()
			cancel(work())
		}()
	}
	start(func() error { return follow(ctx, api, store, namespacesOf(store)) })
	start(func() error { return follow(ctx, api, store, policiesOf(store)) })
	start(func() error { return follow(ctx, api, store, podsOf(store)) })
	start(func() error {
		for ctx.Err() == nil && !api.Stale(path) {
			sleep(ctx, 10*time.Second)
		}
		return errors.New("the kubeconfig changed")
	})
	all.Wait()
	return context.Cause(ctx)
}

func namespacesOf(store *Store) kind[Namespace] {
	return kind[Namespace]{name: "namespaces", path: "/api/v1/namespaces", meta: func(o *Namespace) *meta { return &o.Metadata },
		replace: func(all []*Namespace) {
			store.namespaces = byKey(all, func(o *Namespace) string { return o.Metadata.Name })
		},
		change: func(o *Namespace, gone bool) { put(store.namespaces, o.Metadata.Name, o, gone) }}
}

func policiesOf(store *Store) kind[Policy] {
	key := func(o *Policy) string { return o.Metadata.Namespace + "/" + o.Metadata.Name }
	return kind[Policy]{name: "network policies", path: "/apis/networking.k8s.io/v1/networkpolicies", meta: func(o *Policy) *meta { return &o.Metadata },
		replace: func(all []*Policy) { store.policies = byKey(all, key) },
		change:  func(o *Policy, gone bool) { put(store.policies, key(o), o, gone) }}
}

func podsOf(store *Store) kind[Pod] {
	key := func(o *Pod) string { return o.Metadata.Namespace + "/" + o.Metadata.Name }
	return kind[Pod]{name: "pods", path: "/api/v1/pods", meta: func(o *Pod) *meta { return &o.Metadata },
		replace: func(all []*Pod) { store.pods = byKey(all, key) },
		change:  func(o *Pod, gone bool) { put(store.pods, key(o), o, gone) }}
}

func byKey[T any](objects []*T, key func(*T) string) map[string]*T {
	found := make(map[string]*T, len(objects))
	for _, object := range objects {
		found[key(object)] = object
	}
	return found
}

func put[T any](objects map[string]*T, key string, object *T, gone bool) {
	if gone {
		delete(objects, key)
	} else {
		objects[key] = object
	}
}

// enforce writes rules whenever they differ from those that were written last.
func enforce(ctx context.Context, store *Store, renewal time.Duration, write func(ctx context.Context, script string) error) error {
	written, writtenAt := "", time.Time{}
	for ctx.Err() == nil {
		cluster, version, synced := store.Snapshot()
		if synced {
			rules := Compile(cluster)
			script := Render(rules)
			changed := script != written
			if changed || time.Since(writtenAt) >= renewal {
				if err := write(ctx, script); err != nil {
					log.Printf("rules not written, those before stay: %v", err)
					sleep(ctx, time.Second)
					continue
				}
				written, writtenAt = script, time.Now()
			}
			store.Applied(version)
			if changed {
				log.Printf("enforcing: ingress of %d addresses, egress of %d", len(rules.Ingress), len(rules.Egress))
				sleep(ctx, pause)
			}
		}
		until, cancel := context.WithTimeout(ctx, renewal)
		_ = store.AwaitChange(until, version)
		cancel()
	}
	return nil
}

// nft hands a script to the kernel as one transaction.
func nft(ctx context.Context, script string) error {
	command := exec.CommandContext(ctx, "nft", "-f", "-")
	command.Stdin = bytes.NewBufferString(script)
	if said, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %.500s", err, said)
	}
	return nil
}

func sleep(ctx context.Context, duration time.Duration) {
	select {
	case <-time.After(duration):
	case <-ctx.Done():
	}
}
