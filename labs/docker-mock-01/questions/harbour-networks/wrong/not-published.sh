set -e
docker network create --subnet 172.28.5.0/24 harbour
docker network create --internal deep
docker network connect harbour tower
docker network connect deep tower
docker network disconnect bridge tower
docker network connect deep vault
docker network disconnect bridge vault
docker network connect harbour beacon
docker network disconnect bridge beacon
