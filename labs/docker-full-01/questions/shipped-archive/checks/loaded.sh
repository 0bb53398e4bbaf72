. "${BASH_SOURCE[0]%/*}/../../../docker.sh"
expect 'what depot/parcel:stable prints' 'parcel 58-north' "$(d run --rm --network none depot/parcel:stable 2> /dev/null)"
expect 'its variable ROUTE' ROUTE=north "$(d image inspect --format '{{join .Config.Env "\n"}}' depot/parcel:stable | grep ROUTE)"
pass 'the image is there'
