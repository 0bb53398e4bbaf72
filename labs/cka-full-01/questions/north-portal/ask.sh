# Sourced by the checks.
. "${BASH_SOURCE[0]%/*}/../../node.sh"
node=$(address_of node01)
# ask HOST PATH: what the controller answers, by HTTP, or by HTTPS where it says so.
ask() {
  local said
  said=$(curl -s -m 4 -w '\n%{http_code}' --resolve "$1:30080:$node" "http://$1:30080$2" 2> /dev/null)
  case ${said##*$'\n'} in
    301 | 302 | 307 | 308) said=$(curl -sk -m 4 -w '\n%{http_code}' --resolve "$1:30443:$node" "https://$1:30443$2" 2> /dev/null) ;;
  esac
  case ${said##*$'\n'} in
    200) echo "${said%%$'\n'*}" ;;
    *) echo "status ${said##*$'\n'}" ;;
  esac
}
