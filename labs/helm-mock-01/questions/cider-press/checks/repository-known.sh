. "$CKX_CHECKS/1.sh"
known=$(yq -r '.repositories[] | select(.name == "orchard") | .url' /home/candidate/.config/helm/repositories.yaml 2> /dev/null)
expect 'address of the repository orchard' http://controlplane:30080 "${known%/}"
pass 'the repository is known'
