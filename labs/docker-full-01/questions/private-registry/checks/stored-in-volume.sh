. "${BASH_SOURCE[0]%/*}/../../../docker.sh"
expect 'runs' true "$(state_of vault-registry '{{.State.Running}}')"
expect 'volume at /var/lib/registry' registry-data "$(state_of vault-registry '{{range .Mounts}}{{if eq .Destination "/var/lib/registry"}}{{.Name}}{{end}}{{end}}')"
expect 'repositories in the volume' tools "$(d run --rm --network none -v registry-data:/data:ro busybox:1.36 ls /data/docker/registry/v2/repositories 2>&1)"
expect_match 'restart policy' '^(always|unless-stopped)$' "$(state_of vault-registry '{{.HostConfig.RestartPolicy.Name}}')"
pass 'the images are in the volume'
