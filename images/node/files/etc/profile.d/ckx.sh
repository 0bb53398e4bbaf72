# Root's shell on the node: the administrator's kubeconfig and completion, as after `kubeadm init` in the real exam.
[ "$(id -u)" = 0 ] && [ -e /etc/kubernetes/admin.conf ] && export KUBECONFIG=/etc/kubernetes/admin.conf
[ -n "${BASH_VERSION:-}" ] && [ -r /usr/share/bash-completion/bash_completion ] && . /usr/share/bash-completion/bash_completion
alias k=kubectl
complete -o default -F __start_kubectl k 2>/dev/null
:
