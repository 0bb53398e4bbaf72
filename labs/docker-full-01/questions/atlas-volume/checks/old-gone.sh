. "${BASH_SOURCE[0]%/*}/../../../docker.sh"
expect 'label of atlas' survey "$(d volume inspect --format '{{index .Labels "owner"}}' atlas 2> /dev/null)"
expect 'a map in atlas' reefs "$(d run --rm --network none -v atlas:/maps:ro busybox:1.36 cat /maps/south/b.map 2>&1)"
expect 'volumes by the old name' '' "$(d volume ls --quiet --filter name=^atlas-2019$)"
pass 'the old volume is gone'
