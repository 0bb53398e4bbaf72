# Sourced by the checks.
FIRST=$'opening balance 4711\ncarried over 0815\ncarried over 1138'

running() { [ "$(state_of ledger '{{.State.Running}}')" = true ] || fail 'the container ledger does not run'; }

# volume_at: the volume that ledger has at /ledger.
volume_at() { state_of ledger '{{range .Mounts}}{{if eq .Destination "/ledger"}}{{.Name}}{{end}}{{end}}'; }

# in_volume COMMAND: what it prints in a container of its own that has the volume, to read, at /ledger.
in_volume() { d run --rm --network none -v ledger-data:/ledger:ro busybox:1.36 sh -c "$1"; }
