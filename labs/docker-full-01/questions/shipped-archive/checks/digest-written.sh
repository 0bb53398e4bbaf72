. "${BASH_SOURCE[0]%/*}/../../../docker.sh"
id=$(d image inspect --format '{{.Id}}' depot/parcel:stable 2> /dev/null)
[ -n "$id" ] || fail 'there is no image depot/parcel:stable'
expect 'content of ~/parcel/id' "$id" "$(cat /home/candidate/parcel/id 2>&1)"
expect 'what depot/parcel:stable prints' 'parcel 58-north' "$(d run --rm --network none depot/parcel:stable 2> /dev/null)"
pass 'the id is written down'
