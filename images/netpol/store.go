package main

import (
	"context"
	"sync"
)

// Store is what the engine knows: objects of the API, attachments of the node. Its version counts changes.
type Store struct {
	mu          sync.Mutex
	node        string
	pods        map[string]*Pod
	namespaces  map[string]*Namespace
	policies    map[string]*Policy
	attachments []Attachment
	// listed counts the kinds that were read once: before that nothing is known, and nothing is enforced anew.
	listed  map[string]bool
	version uint64
	applied uint64
	// changed is closed and replaced at each change of any of these.
	changed chan struct{}
}

const kinds = 3

// NewStore is empty, and not yet synced.
func NewStore(node string) *Store {
	return &Store{node: node, pods: map[string]*Pod{}, namespaces: map[string]*Namespace{}, policies: map[string]*Policy{},
		listed: map[string]bool{}, changed: make(chan struct{})}
}

// Change runs a change of the store's contents.
func (s *Store) Change(change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
	s.version++
	s.announce()
}

// announce is called with the lock held.
func (s *Store) announce() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// Snapshot of the cluster, with its version. Objects are never changed after they were stored. False while not everything was read.
func (s *Store) Snapshot() (Cluster, uint64, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	cluster := Cluster{Node: s.node, Namespaces: map[string]*Namespace{}, Attached: s.attachments}
	for name, namespace := range s.namespaces {
		cluster.Namespaces[name] = namespace
	}
	for _, pod := range s.pods {
		cluster.Pods = append(cluster.Pods, pod)
	}
	for _, policy := range s.policies {
		cluster.Policies = append(cluster.Policies, policy)
	}
	return cluster, s.version, len(s.listed) == kinds
}

// Applied notes that the kernel enforces a version.
func (s *Store) Applied(version uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.applied = version
	s.announce()
}

// AwaitChange returns when the version is another than this one.
func (s *Store) AwaitChange(ctx context.Context, since uint64) error {
	return s.await(ctx, func() bool { return s.version != since })
}

// AwaitEnforced returns when the kernel enforces what is said about a pod that was attached.
func (s *Store) AwaitEnforced(ctx context.Context, pod Attachment) error {
	var known uint64
	err := s.await(ctx, func() bool {
		found := s.pods[pod.Namespace+"/"+pod.Name]
		known = s.version
		return len(s.listed) == kinds && found != nil && found.is(pod.UID)
	})
	if err != nil {
		return err
	}
	return s.await(ctx, func() bool { return s.applied >= known })
}

// await returns when the condition, looked at with the lock held, is true.
func (s *Store) await(ctx context.Context, condition func() bool) error {
	for {
		s.mu.Lock()
		met, changed := condition(), s.changed
		s.mu.Unlock()
		if met {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
