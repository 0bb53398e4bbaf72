set -e
docker import ~/parcel/parcel.tar depot/parcel:stable
docker image inspect --format '{{.Id}}' depot/parcel:stable > ~/parcel/id
