package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"time"
)

// statusChange is a status that is to be told, of the version of the object that was read.
type statusChange struct {
	path, version string
	status        any
}

// plan is what requests are answered by from now on, and what is to be told of it. `open` opens the ports that are wanted, true for those with
// TLS, and says which could not be opened.
func (c gatewayCluster) plan(nodeIP string, now time.Time, open func(map[int]bool) map[int]string) (gatewayTable, []statusChange) {
	_, wished := c.listeners(nil)
	wanted := map[int]bool{}
	for _, one := range wished {
		if one.served() {
			wanted[one.spec.Port] = one.spec.Protocol == "HTTPS"
		}
	}
	gateways, all := c.listeners(open(wanted))
	table, routes := c.tableOf(gateways, all)
	told := teller{now: now.UTC().Format(time.RFC3339)}
	for _, class := range c.gatewayClasses {
		told.class(class)
	}
	for _, one := range gateways {
		told.gateway(one, c.refusal(one), all, nodeIP)
	}
	for _, one := range routes {
		told.route(one)
	}
	return table, told.changes
}

// teller gathers the statuses that are other than they were.
type teller struct {
	now     string
	changes []statusChange
}

func (t *teller) tell(kind string, of meta, before, after any) {
	if reflect.DeepEqual(before, after) {
		return
	}
	path := "/apis/" + gatewayGroup + "/v1/"
	if of.Namespace != "" {
		path += "namespaces/" + of.Namespace + "/"
	}
	t.changes = append(t.changes, statusChange{fmt.Sprintf("%s%s/%s/status", path, kind, of.Name), of.Version, after})
}

// condition of a verdict. One whose status stays as it was has been so since then.
func (t *teller) condition(before []condition, generation int64, kind string, is verdict) condition {
	made := condition{Type: kind, Status: "False", Generation: generation, Since: t.now, Reason: is.reason, Message: is.message}
	if is.holds {
		made.Status = "True"
	}
	for _, one := range before {
		if one.Type == kind && one.Status == made.Status {
			made.Since = one.Since
		}
	}
	return made
}

func (t *teller) class(one gatewayClass) {
	if one.Spec.Controller != gatewayController {
		return
	}
	accepted := yes("Accepted")
	if len(one.Spec.Parameters) > 0 {
		accepted = no("InvalidParameters", "spec.parametersRef is not supported")
	}
	after := classStatus{[]condition{t.condition(one.Status.Conditions, one.Metadata.Generation, "Accepted", accepted)}}
	t.tell("gatewayclasses", one.Metadata, one.Status, after)
}

func (t *teller) gateway(one *gateway, refused *verdict, all []*listener, nodeIP string) {
	after := gatewayStatus{Listeners: []listenerStatus{}, Addresses: []statusAddress{{"IPAddress", nodeIP}}}
	accepted, programmed := yes("Accepted"), yes("Programmed")
	served, invalid := 0, 0
	for _, at := range all {
		if at.of != one {
			continue
		}
		after.Listeners = append(after.Listeners, t.listener(at))
		if at.served() {
			served++
		}
		if !at.served() || !at.resolved.holds {
			invalid++
		}
	}
	switch {
	case refused != nil:
		accepted, programmed = *refused, no("Invalid", "%s", refused.message)
		after.Addresses = []statusAddress{}
	case served == 0:
		accepted, programmed = no("ListenersNotValid", "No listener is valid"), no("Invalid", "No listener is valid")
	case invalid > 0:
		accepted = verdict{true, "ListenersNotValid", "Some listeners are not valid"}
	}
	after.Conditions = []condition{
		t.condition(one.Status.Conditions, one.Metadata.Generation, "Accepted", accepted),
		t.condition(one.Status.Conditions, one.Metadata.Generation, "Programmed", programmed),
	}
	t.tell("gateways", one.Metadata, one.Status, after)
}

func (t *teller) listener(at *listener) listenerStatus {
	programmed := yes("Programmed")
	if !at.served() {
		programmed = no("Invalid", "The listener is not served")
	}
	made := listenerStatus{Name: at.spec.Name, Kinds: at.kinds, Attached: at.attached}
	var before []condition
	for _, one := range at.of.Status.Listeners {
		if one.Name == at.spec.Name {
			before = one.Conditions
		}
	}
	generation := at.of.Metadata.Generation
	made.Conditions = []condition{
		t.condition(before, generation, "Accepted", at.accepted),
		t.condition(before, generation, "Programmed", programmed),
		t.condition(before, generation, "ResolvedRefs", at.resolved),
		t.condition(before, generation, "Conflicted", at.conflicted),
	}
	return made
}

func (t *teller) route(one routed) {
	after := routeStatus{Parents: []parentStatus{}}
	for _, parent := range one.of.Status.Parents {
		if parent.Controller != gatewayController {
			after.Parents = append(after.Parents, parent)
		}
	}
	for _, at := range one.at {
		var before []condition
		for _, parent := range one.of.Status.Parents {
			if parent.Controller == gatewayController && reflect.DeepEqual(parent.Parent, at.parent) {
				before = parent.Conditions
			}
		}
		accepted, generation := at.accepted, one.of.Metadata.Generation
		if accepted.holds && one.wholly {
			accepted = no("UnsupportedValue", "%s", one.dropped)
		}
		conditions := []condition{
			t.condition(before, generation, "Accepted", accepted),
			t.condition(before, generation, "ResolvedRefs", one.resolved),
		}
		if one.dropped != "" && !one.wholly {
			conditions = append(conditions, t.condition(before, generation, "PartiallyInvalid", verdict{true, "UnsupportedValue", one.dropped}))
		}
		after.Parents = append(after.Parents, parentStatus{at.parent, gatewayController, conditions})
	}
	if len(after.Parents)+len(one.of.Status.Parents) > 0 {
		t.tell("httproutes", one.of.Metadata, one.of.Status, after)
	}
}

// patch tells a status, unless somebody has changed the object since it was read: the next look then finds it.
func (a *API) patch(ctx context.Context, one statusChange) error {
	patch, err := json.Marshal(map[string]any{"metadata": map[string]string{"resourceVersion": one.version}, "status": one.status})
	if err != nil {
		return err
	}
	_, err = a.request(ctx, http.MethodPatch, one.path, "application/merge-patch+json", patch)
	return err
}
