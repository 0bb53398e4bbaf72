# What the two scripts of a node's start share (ckx-node-init, ckx-worker-init): to be sourced.
SHARE=/usr/local/share/ckx
PKI=/etc/kubernetes/pki
# The node is made: its keys and what is in it stay from here on.
MADE=/var/lib/ckx/made
# And the cluster has all that belongs to it.
COMPLETE=/var/lib/ckx/complete
BOOT=/var/lib/ckx/boot
STARTED_AT=$(< $BOOT/started-at)
NODE=$(hostname)

step() {
  local now
  now=$(date +%s%3N)
  printf '{"step":"%s","at":%s}\n' "$1" "$now" >> $BOOT/steps
  printf '[node] +%d ms %s\n' $((now - STARTED_AT)) "$1"
}
die() {
  echo "[node] failed: $1"
  [ -z "${2:-}" ] || tail -n 30 "$2"
  exit 1
}
# reach MILESTONE: waits for it, then records it; not for ever, since a candidate may have broken a node that starts again. Seldom: each
# look takes processor time from what it waits for.
reach() {
  until /usr/local/sbin/ckx-health "$1" > /dev/null; do
    ((SECONDS < 300)) || die "$1 not reached: $(/usr/local/sbin/ckx-health "$1")"
    sleep 0.5
  done
  step "$1"
}
# A kubelet has taken its certificate from its kubeconfig, and renews it in a file beside: what kubeadm's phase kubelet-finalize does, but for its
# restart of the kubelet, which holds up the first pods.
finalize_kubelet() {
  sed -i -E 's#client-(certificate|key)-data: .*#client-\1: /var/lib/kubelet/pki/kubelet-client-current.pem#' /etc/kubernetes/kubelet.conf
}
