package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"go.yaml.in/yaml/v3"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
)

const shortID = 13

// table prints rows in columns, as wide as what is in them.
func table(rows [][]string) error {
	writer := tabwriter.NewWriter(os.Stdout, 20, 1, 3, ' ', 0)
	for _, row := range rows {
		fmt.Fprintln(writer, strings.Join(row, "\t"))
	}
	return writer.Flush()
}

// document prints a message of the interface, with what goes beside it, as JSON or YAML.
func document(message proto.Message, info map[string]string, format string) error {
	text, err := protojson.MarshalOptions{EmitUnpopulated: true}.Marshal(message)
	if err != nil {
		return err
	}
	var value map[string]any
	if err := json.Unmarshal(text, &value); err != nil {
		return err
	}
	if info != nil {
		for name, text := range info {
			var detail any = text
			_ = json.Unmarshal([]byte(text), &detail)
			value[name] = detail
		}
	}
	if format == "yaml" {
		return yaml.NewEncoder(os.Stdout).Encode(value)
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(value)
}

func short(id string, whole bool) string {
	id = strings.TrimPrefix(id, "sha256:")
	if whole || len(id) <= shortID {
		return id
	}
	return id[:shortID]
}

// ago says how long ago a moment was, roughly, as people do.
func ago(nanoseconds int64) string {
	past := time.Since(time.Unix(0, nanoseconds))
	for _, unit := range []struct {
		length time.Duration
		name   string
	}{{365 * 24 * time.Hour, "year"}, {30 * 24 * time.Hour, "month"}, {7 * 24 * time.Hour, "week"}, {24 * time.Hour, "day"}, {time.Hour, "hour"}, {time.Minute, "minute"}, {time.Second, "second"}} {
		if count := int(past / unit.length); count == 1 {
			return "1 " + unit.name + " ago"
		} else if count > 1 {
			return fmt.Sprintf("%d %ss ago", count, unit.name)
		}
	}
	return "Less than a second ago"
}

func size(bytes uint64) string {
	value, unit := float64(bytes), 0
	units := []string{"B", "kB", "MB", "GB", "TB"}
	for ; value >= 1000 && unit < len(units)-1; unit++ {
		value /= 1000
	}
	return fmt.Sprintf("%.3g%s", value, units[unit])
}

// plain is an error without the words of the wire.
func plain(err error) string {
	var refused interface{ GRPCStatus() *status.Status }
	if errors.As(err, &refused) {
		return refused.GRPCStatus().Message()
	}
	return err.Error()
}
