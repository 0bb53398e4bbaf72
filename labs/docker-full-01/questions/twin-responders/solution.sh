set -e
docker network create --subnet 10.77.3.0/24 --ip-range 10.77.3.128/25 twins
for twin in a:11 b:12; do
  docker run --detach --name twin-${twin%:*} --network twins --ip 10.77.3.${twin#*:} --network-alias responder \
    --volume ~/twins/${twin%:*}:/usr/share/nginx/html:ro nginx:1.27
done
