package main

import (
	"context"
	"encoding/json"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const previous = `{"cniVersion":"0.4.0","ips":[{"version":"4","address":"10.42.0.9/24","gateway":"10.42.0.1"}]}`

// plugin runs the plugin as a container runtime would.
func plugin(t *testing.T, folder, command string) string {
	t.Helper()
	environment := map[string]string{"CNI_COMMAND": command, "CNI_CONTAINERID": "box",
		"CNI_ARGS": "IgnoreUnknown=1;K8S_POD_NAMESPACE=shop;K8S_POD_NAME=web;K8S_POD_INFRA_CONTAINER_ID=box;K8S_POD_UID=uid-web"}
	var output strings.Builder
	input := strings.NewReader(`{"cniVersion": "0.4.0", "name": "ckx", "type": "ckx-netpol", "prevResult": ` + previous + `}`)
	if err := RunCNI(folder, func(name string) string { return environment[name] }, input, &output); err != nil {
		t.Fatal(err)
	}
	return output.String()
}

// testStore has read everything, and knows the pod shop/web.
func testStore() *Store {
	store := NewStore("here")
	pod := &Pod{Metadata: meta{Namespace: "shop", Name: "web", UID: "uid-web"}}
	store.Change(func() {
		store.listed = map[string]bool{"pods": true, "namespaces": true, "network policies": true}
		store.pods["shop/web"] = pod
	})
	return store
}

func TestPluginWaitsUntilEnforced(t *testing.T) {
	folder, ctx := t.TempDir(), t.Context()
	store := testStore()
	if err := serve(ctx, folder, store); err != nil {
		t.Fatal(err)
	}
	ended := make(chan string, 1)
	go func() { ended <- plugin(t, folder, "ADD") }()
	var seen Cluster
	var version uint64
	for len(seen.Attached) == 0 {
		time.Sleep(time.Millisecond)
		seen, version, _ = store.Snapshot()
	}
	if got := seen.Attached[0]; got.Name != "web" || got.Namespace != "shop" || got.UID != "uid-web" || len(got.IPs) != 1 || got.IPs[0] != netip.MustParseAddr("10.42.0.9") {
		t.Errorf("attached: %+v", got)
	}
	select {
	case <-ended:
		t.Fatal("the pod starts before its rules stand")
	case <-time.After(100 * time.Millisecond):
	}
	store.Applied(version)
	if output := <-ended; output != previous {
		t.Errorf("the result should pass through, not: %s", output)
	}
	plugin(t, folder, "DEL")
	plugin(t, folder, "DEL")
	for until := time.Now().Add(5 * time.Second); len(seen.Attached) != 0; seen, _, _ = store.Snapshot() {
		if time.Now().After(until) {
			t.Fatal("still attached")
		}
		time.Sleep(time.Millisecond)
	}
}

// An engine that starts takes over what was attached before.
func TestAttachmentsOutliveTheEngine(t *testing.T) {
	folder := t.TempDir()
	if err := writeWhole(filepath.Join(podsIn(folder), "box"), Attachment{Namespace: "shop", Name: "web"}); err != nil {
		t.Fatal(err)
	}
	store := testStore()
	if err := serve(t.Context(), folder, store); err != nil {
		t.Fatal(err)
	}
	if cluster, _, _ := store.Snapshot(); len(cluster.Attached) != 1 || cluster.Attached[0].Name != "web" {
		t.Errorf("attached: %+v", cluster.Attached)
	}
}

// A pod starts although nobody enforces: later, and it is written down for the engine that comes.
func TestPluginWithoutEngine(t *testing.T) {
	folder := t.TempDir()
	startedAt := time.Now()
	if output := plugin(t, folder, "ADD"); output != previous {
		t.Errorf("the result should pass through, not: %s", output)
	}
	if waited := time.Since(startedAt); waited < absentLimit {
		t.Errorf("it waited %v only, which no restart of the engine takes", waited)
	}
	if _, err := os.Stat(filepath.Join(podsIn(folder), "box")); err != nil {
		t.Error(err)
	}
}

func TestPluginBesideAnEngineThatKnowsNothing(t *testing.T) {
	folder, ctx := t.TempDir(), context.Background()
	if err := serve(ctx, folder, NewStore("here")); err != nil {
		t.Fatal(err)
	}
	startedAt := time.Now()
	plugin(t, folder, "ADD")
	if waited := time.Since(startedAt); waited < answerLimit || waited > answerLimit+2*time.Second {
		t.Errorf("it waited %v", waited)
	}
}

func TestPluginTellsItsVersions(t *testing.T) {
	var said struct{ SupportedVersions []string }
	if err := json.Unmarshal([]byte(plugin(t, t.TempDir(), "VERSION")), &said); err != nil || !contains(said.SupportedVersions, "0.4.0") {
		t.Errorf("%v: %+v", err, said)
	}
}
