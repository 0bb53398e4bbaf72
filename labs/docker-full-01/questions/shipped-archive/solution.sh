set -e
docker load --input ~/parcel/parcel.tar
docker tag parcel:draft-58 depot/parcel:stable
docker rmi parcel:draft-58
docker image inspect --format '{{.Id}}' depot/parcel:stable > ~/parcel/id
