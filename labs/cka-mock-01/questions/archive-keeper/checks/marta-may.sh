. "$CKX_CHECKS/1.sh"
as() { k auth can-i "$@" --as=marta --as-group=archivists --as-group=system:authenticated 2> /dev/null; }
for verb in get list create delete; do expect "may $verb deployments in archive-east" yes "$(as "$verb" deployments.apps -n archive-east)"; done
for right in 'update deployments.apps' 'patch deployments.apps' 'list pods' 'get secrets' 'create pods'; do expect "may $right in archive-east" no "$(as $right -n archive-east)"; done
expect 'may list deployments in default' no "$(as list deployments.apps -n default)"
expect 'may list nodes' no "$(as list nodes)"
pass 'Marta has her rights'
