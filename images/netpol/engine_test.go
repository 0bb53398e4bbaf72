package main

import (
	"context"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// fakeAPI serves three lists, and watches that say what a test sends.
type fakeAPI struct {
	mu      sync.Mutex
	lists   map[string]string
	events  chan string
	asked   []string
	refused bool
}

func (f *fakeAPI) ServeHTTP(response http.ResponseWriter, request *http.Request) {
	f.mu.Lock()
	f.asked = append(f.asked, request.URL.String()+" as "+request.Header.Get("Impersonate-User"))
	list, refused := f.lists[request.URL.Path], f.refused
	f.mu.Unlock()
	if refused {
		http.Error(response, "no", http.StatusForbidden)
		return
	}
	if request.URL.Query().Get("watch") == "" {
		fmt.Fprintf(response, `{"kind": "List", "metadata": {"resourceVersion": "7"}, "items": [%s]}`, list)
		return
	}
	response.(http.Flusher).Flush()
	for request.URL.Path == "/api/v1/pods" {
		select {
		case event := <-f.events:
			fmt.Fprintln(response, event)
			response.(http.Flusher).Flush()
		case <-request.Context().Done():
			return
		}
	}
	<-request.Context().Done()
}

func (f *fakeAPI) set(change func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change()
}

// kubeconfigOf writes one for a test server.
func kubeconfigOf(t *testing.T, server *httptest.Server, path string) {
	t.Helper()
	authority := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	text := fmt.Sprintf("clusters:\n- cluster:\n    certificate-authority-data: %s\n    server: %s\nusers:\n- user: {client-certificate: none, client-key: none}\n",
		base64.StdEncoding.EncodeToString(authority), server.URL)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func eventually(t *testing.T, what string, condition func() bool) {
	t.Helper()
	for until := time.Now().Add(20 * time.Second); !condition(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(until) {
			t.Fatalf("not in 20 s: %s", what)
		}
	}
}

func podEvent(kind, name string) string {
	return fmt.Sprintf(`{"type": %q, "object": {"metadata": {"namespace": "shop", "name": %q, "resourceVersion": "8"}}}`, kind, name)
}

func knows(store *Store, names ...string) func() bool {
	return func() bool {
		cluster, _, synced := store.Snapshot()
		var found []string
		for _, pod := range cluster.Pods {
			found = append(found, pod.Metadata.Name)
		}
		all := synced && len(found) == len(names)
		for _, name := range names {
			all = all && contains(found, name)
		}
		return all
	}
}

func TestFollowsTheAPI(t *testing.T) {
	fake := &fakeAPI{events: make(chan string), refused: true, lists: map[string]string{
		"/api/v1/pods": `{"metadata": {"namespace": "shop", "name": "first"}}`, "/api/v1/namespaces": `{"metadata": {"name": "shop"}}`}}
	server := httptest.NewTLSServer(fake)
	defer server.Close()
	path, store := filepath.Join(t.TempDir(), "kubelet.conf"), NewStore("here")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go followAll(ctx, path, store)

	// Neither a kubeconfig that is not there yet nor a server that refuses makes anything known.
	time.Sleep(50 * time.Millisecond)
	kubeconfigOf(t, server, path)
	eventually(t, "it asks", func() bool { fake.mu.Lock(); defer fake.mu.Unlock(); return len(fake.asked) > 0 })
	if _, _, synced := store.Snapshot(); synced {
		t.Fatal("nothing can be known yet")
	}
	fake.set(func() { fake.refused = false })
	eventually(t, "the list", knows(store, "first"))
	fake.events <- podEvent("ADDED", "second")
	eventually(t, "what is added", knows(store, "first", "second"))
	fake.events <- podEvent("DELETED", "first")
	eventually(t, "what is deleted", knows(store, "second"))

	// A server that is away takes nothing of what is known; then the list counts, whatever was missed.
	server.CloseClientConnections()
	fake.set(func() {
		fake.lists["/api/v1/pods"] = `{"metadata": {"namespace": "shop", "name": "third"}}`
		fake.refused = true
	})
	time.Sleep(300 * time.Millisecond)
	if !knows(store, "second")() {
		t.Fatal("it should remember what it knew")
	}
	fake.set(func() { fake.refused = false })
	eventually(t, "the list after the server is back", knows(store, "third"))

	// Versions that are gone: a new list.
	fake.set(func() { fake.lists["/api/v1/pods"] = `{"metadata": {"namespace": "shop", "name": "fourth"}}` })
	fake.events <- `{"type": "ERROR", "object": {"kind": "Status", "code": 410}}`
	eventually(t, "the list after an expired watch", knows(store, "fourth"))

	fake.mu.Lock()
	defer fake.mu.Unlock()
	for _, asked := range fake.asked {
		if !strings.HasSuffix(asked, " as ckx:netpol") {
			t.Errorf("it should speak as its own account: %s", asked)
		}
	}
	if !strings.Contains(strings.Join(fake.asked, "\n"), "/api/v1/pods?allowWatchBookmarks=true&resourceVersion=7&watch=1") {
		t.Errorf("it should watch from the list's version: %v", fake.asked)
	}
}

func TestEnforces(t *testing.T) {
	store := NewStore("here")
	scripts := make(chan string, 100)
	var failing sync.Map
	write := func(_ context.Context, script string) error {
		// Before it is told: whoever hears of it changes that.
		_, fails := failing.Load("nft")
		scripts <- script
		if fails {
			return errors.New("nft says no")
		}
		return nil
	}
	go func() { _ = enforce(t.Context(), store, time.Hour, write) }()
	time.Sleep(50 * time.Millisecond)
	if len(scripts) > 0 {
		t.Fatal("before all is known the rules that stand must stay")
	}
	cluster := testCluster(t, `{"podSelector": {}, "policyTypes": ["Ingress"]}`)
	store.Change(func() {
		for _, kind := range []string{"pods", "namespaces", "network policies"} {
			store.listed[kind] = true
		}
		store.pods = byKey(cluster.Pods, func(pod *Pod) string { return pod.Metadata.Namespace + "/" + pod.Metadata.Name })
		store.namespaces = cluster.Namespaces
	})
	if empty := <-scripts; strings.Contains(empty, "chain") {
		t.Errorf("without a policy there is nothing to enforce: %s", empty)
	}
	// What changes no rule is no reason for a transaction, and is enforced nevertheless.
	store.Change(func() {})
	eventually(t, "applied", func() bool { return isApplied(store) })
	if len(scripts) > 0 {
		t.Errorf("needless: %s", <-scripts)
	}
	failing.Store("nft", true)
	store.Change(func() { store.policies["shop/policy-0"] = cluster.Policies[0] })
	first := <-scripts
	if isApplied(store) {
		t.Error("what nft refused is not enforced")
	}
	failing.Delete("nft")
	if second := <-scripts; second != first || !strings.Contains(second, "chain forward") {
		t.Errorf("tried again: %s", second)
	}
	eventually(t, "applied", func() bool { return isApplied(store) })
}

// Somebody may have flushed what stands.
func TestWritesAgainFromTimeToTime(t *testing.T) {
	scripts := make(chan string)
	write := func(_ context.Context, script string) error { scripts <- script; return nil }
	go func() { _ = enforce(t.Context(), testStore(), 20*time.Millisecond, write) }()
	if first, second := <-scripts, <-scripts; first != second {
		t.Errorf("nothing changed, and yet: %s", second)
	}
}

func isApplied(store *Store) bool {
	store.mu.Lock()
	defer store.mu.Unlock()
	return store.applied == store.version
}
