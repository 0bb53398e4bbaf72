# Every interactive shell, with or without a login; harmless when read twice.
export KUBECONFIG="${KUBECONFIG:-$HOME/.kube/config}" EDITOR="${EDITOR:-vim}" LANG="${LANG:-C.UTF-8}"
if [ -n "${BASH_VERSION:-}" ] && [ -n "${PS1:-}" ] && [ -z "${CKX_SHELL_READY:-}" ]; then
  CKX_SHELL_READY=yes
  . /usr/share/bash-completion/bash_completion
  alias k=kubectl
  complete -o default -F __start_kubectl k
fi
