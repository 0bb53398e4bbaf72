set -e
docker network create twins
for twin in a b; do
  docker run --detach --name twin-$twin --network twins --network-alias responder --publish 80 --volume ~/twins/$twin:/usr/share/nginx/html:ro nginx:1.27
done
