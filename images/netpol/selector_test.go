package main

import (
	"encoding/json"
	"testing"
)

// parse reads what a test writes as JSON.
func parse[T any](t *testing.T, text string) T {
	t.Helper()
	var value T
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return value
}

func TestSelector(t *testing.T) {
	labels := map[string]string{"app": "web", "tier": "front", "empty": ""}
	for _, row := range []struct {
		selector string
		matches  bool
	}{
		{`{}`, true},
		{`{"matchLabels": {"app": "web"}}`, true},
		{`{"matchLabels": {"app": "web", "tier": "back"}}`, false},
		{`{"matchLabels": {"absent": ""}}`, false},
		{`{"matchLabels": {"empty": ""}}`, true},
		{`{"matchExpressions": [{"key": "app", "operator": "In", "values": ["db", "web"]}]}`, true},
		{`{"matchExpressions": [{"key": "app", "operator": "In", "values": ["db"]}]}`, false},
		{`{"matchExpressions": [{"key": "absent", "operator": "In", "values": [""]}]}`, false},
		{`{"matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["web"]}]}`, false},
		{`{"matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["db"]}]}`, true},
		{`{"matchExpressions": [{"key": "absent", "operator": "NotIn", "values": ["web"]}]}`, true},
		{`{"matchExpressions": [{"key": "app", "operator": "Exists"}]}`, true},
		{`{"matchExpressions": [{"key": "absent", "operator": "Exists"}]}`, false},
		{`{"matchExpressions": [{"key": "app", "operator": "DoesNotExist"}]}`, false},
		{`{"matchExpressions": [{"key": "absent", "operator": "DoesNotExist"}]}`, true},
		{`{"matchLabels": {"app": "web"}, "matchExpressions": [{"key": "tier", "operator": "In", "values": ["back"]}]}`, false},
		{`{"matchExpressions": [{"key": "app", "operator": "Gt", "values": ["1"]}]}`, false},
	} {
		selector := parse[Selector](t, row.selector)
		if selector.Matches(labels) != row.matches {
			t.Errorf("%s should be %v", row.selector, row.matches)
		}
	}
}
