. "${BASH_SOURCE[0]%/*}/../../../docker.sh"
expect 'volumes named cellar-7' '' "$(d volume ls --quiet --filter name=^cellar-7$)"
expect 'what is in family-recipes' rye "$(d volume inspect family-recipes > /dev/null 2>&1 && d run --rm --network none -v family-recipes:/recipes:ro busybox:1.36 cat /recipes/one 2>&1)"
expect 'what is in heirloom:1' heirloom "$(d run --rm --network none heirloom:1 cat /heirloom 2>&1)"
pass 'it is tidy'
