# Sourced by every check after the functions for checks. Whoever has just edited the manifest of the API server may submit before it is back.
answering() { k get --raw /readyz > /dev/null 2>&1; }
until_true 14 answering || undecided 'The Kubernetes API does not answer.'

# on_node COMMAND: as root on the node, within 12 seconds.
on_node() { timeout 12 ssh -n controlplane "$@"; }
