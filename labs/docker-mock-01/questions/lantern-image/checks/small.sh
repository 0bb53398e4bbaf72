. "${BASH_SOURCE[0]%/*}/../../../docker.sh"
size=$(d image inspect --format '{{.Size}}' lantern:2.0 2> /dev/null)
note "size of lantern:2.0: ${size:-there is no such image} bytes"
[ "${size:-99000000}" -lt 25000000 ] || fail 'the image is not smaller than 25 MB'
pass 'the image is small'
