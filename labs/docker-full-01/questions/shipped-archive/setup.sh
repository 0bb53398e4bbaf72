set -e
folder=$(mktemp -d)
printf 'FROM busybox:1.36\nRUN echo "parcel 58-north" > /parcel\nENV ROUTE=north\nCMD ["cat", "/parcel"]\n' > $folder/Dockerfile
docker build --quiet --tag parcel:draft-58 $folder > /dev/null
install -d -o 1000 -g 1000 /home/candidate/parcel
docker save --output /home/candidate/parcel/parcel.tar parcel:draft-58
chown 1000:1000 /home/candidate/parcel/parcel.tar
docker rmi parcel:draft-58 > /dev/null
rm -r $folder
