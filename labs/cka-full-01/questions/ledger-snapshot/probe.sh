# Sourced by the checks: what is looked at is looked at by a Pod on the node, with programs of an image and not with those of the node.
. "${BASH_SOURCE[0]%/*}/../../node.sh"
gone() { k -n kube-system delete pod "$probe" --ignore-not-found --force --grace-period=0 > /dev/null 2>&1; }
phase_of() { k -n kube-system get pod "$probe" -o jsonpath='{.status.phase}'; }

# there PATH: whether the node has it; nobody can tell where the node cannot be reached.
there() {
  said_on controlplane "test -e $1 && echo there || echo missing"
}
