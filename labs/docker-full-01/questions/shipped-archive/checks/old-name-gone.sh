. "${BASH_SOURCE[0]%/*}/../../../docker.sh"
d image inspect depot/parcel:stable > /dev/null 2>&1 || fail 'there is no image depot/parcel:stable'
expect 'what depot/parcel:stable prints' 'parcel 58-north' "$(d run --rm --network none depot/parcel:stable 2> /dev/null)"
expect 'images by the name parcel' '' "$(d images --quiet parcel)"
pass 'the old name is gone'
