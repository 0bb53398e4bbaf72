# Sourced by checks.
# on_node COMMAND: as root on the node, within 12 seconds.
on_node() { timeout 12 ssh -n controlplane "$@"; }
