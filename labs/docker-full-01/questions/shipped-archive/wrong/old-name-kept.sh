set -e
docker load --input ~/parcel/parcel.tar
docker tag parcel:draft-58 depot/parcel:stable
