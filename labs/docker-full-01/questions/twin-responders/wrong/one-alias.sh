set -e
docker network create --subnet 10.77.3.0/24 --ip-range 10.77.3.128/25 twins
docker run --detach --name twin-a --network twins --ip 10.77.3.11 --network-alias responder --volume ~/twins/a:/usr/share/nginx/html:ro nginx:1.27
docker run --detach --name twin-b --network twins --ip 10.77.3.12 --volume ~/twins/b:/usr/share/nginx/html:ro nginx:1.27
