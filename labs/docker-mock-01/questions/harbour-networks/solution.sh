set -e
docker network create --subnet 172.28.5.0/24 harbour
docker network create --internal deep
docker rm --force tower
docker run --detach --name tower --network harbour --publish 8090:80 --volume ~/harbour/tower:/usr/share/nginx/html:ro nginx:1.27
docker network connect deep tower
docker network connect deep vault
docker network disconnect bridge vault
docker network connect harbour beacon
docker network disconnect bridge beacon
