package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
)

// The last plugin of a pod's network set-up, by the rules of CNI: a configuration on standard input, the result of those before it on
// standard output. It changes nothing of it.

type cniConfig struct {
	CNIVersion string          `json:"cniVersion"`
	PrevResult json.RawMessage `json:"prevResult"`
}

type cniResult struct {
	IPs []struct {
		Address string `json:"address"`
	} `json:"ips"`
}

// RunCNI does what CNI_COMMAND says.
func RunCNI(folder string, environment func(string) string, input io.Reader, output io.Writer) error {
	var config cniConfig
	if err := json.NewDecoder(input).Decode(&config); err != nil {
		return cniError(output, config, 6, err)
	}
	record := filepath.Join(podsIn(folder), filepath.Base(environment("CNI_CONTAINERID")))
	switch environment("CNI_COMMAND") {
	case "VERSION":
		return json.NewEncoder(output).Encode(map[string]any{"cniVersion": config.CNIVersion, "supportedVersions": []string{"0.3.1", "0.4.0", "1.0.0"}})
	case "ADD":
		attachment, err := attachmentOf(config, environment("CNI_ARGS"))
		if err != nil {
			return cniError(output, config, 7, err)
		}
		if err := writeWhole(record, attachment); err != nil {
			return cniError(output, config, 5, err)
		}
		if err := tell(folder, attachment, absentLimit); err != nil {
			fmt.Fprintf(os.Stderr, "no engine enforces network policies: %v\n", err)
		}
		_, err = output.Write(config.PrevResult)
		return err
	case "DEL":
		if err := os.Remove(record); err == nil {
			_ = tell(folder, Attachment{}, 0)
		}
	}
	return nil
}

func attachmentOf(config cniConfig, arguments string) (Attachment, error) {
	var attachment Attachment
	for _, pair := range strings.Split(arguments, ";") {
		key, value, _ := strings.Cut(pair, "=")
		switch key {
		case "K8S_POD_NAMESPACE":
			attachment.Namespace = value
		case "K8S_POD_NAME":
			attachment.Name = value
		case "K8S_POD_UID":
			attachment.UID = value
		}
	}
	var result cniResult
	if err := json.Unmarshal(config.PrevResult, &result); err != nil {
		return attachment, fmt.Errorf("no result of a plugin before this one: %w", err)
	}
	for _, ip := range result.IPs {
		if prefix, err := netip.ParsePrefix(ip.Address); err == nil && prefix.Addr().Is4() {
			attachment.IPs = append(attachment.IPs, prefix.Addr())
		}
	}
	return attachment, nil
}

// writeWhole writes a file that is never seen half.
func writeWhole(path string, content any) error {
	text, err := json.Marshal(content)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	draft := filepath.Join(filepath.Dir(filepath.Dir(path)), "draft-"+filepath.Base(path))
	if err := os.WriteFile(draft, text, 0o600); err != nil {
		return err
	}
	return os.Rename(draft, path)
}

func cniError(output io.Writer, config cniConfig, code int, err error) error {
	_ = json.NewEncoder(output).Encode(map[string]any{"cniVersion": config.CNIVersion, "code": code, "msg": err.Error()})
	return err
}
