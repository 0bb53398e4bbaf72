. "${BASH_SOURCE[0]%/*}/../../../docker.sh"
d volume inspect atlas > /dev/null 2>&1 || fail 'there is no volume atlas'
list='cd /maps && for file in $(find . -type f | sort); do echo "$file $(stat -c %u:%g:%a $file) $(cat $file)"; done'
expect 'all files' './north/.hidden.map 2002:2002:644 shoals|./north/a.map 2002:2002:644 skerries|./south/b.map 3003:3003:640 reefs|' \
  "$(d run --rm --network none -v atlas:/maps:ro busybox:1.36 sh -c "$list" | tr '\n' '|')"
pass 'all files are there'
