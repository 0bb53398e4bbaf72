set -e
docker rm --force miller squatter baker
docker run --detach --name miller --volume ~/trio/miller.conf:/etc/miller.conf:ro busybox:1.36 \
  sh -c '. /etc/miller.conf && [ "$STONES" = 2 ] && echo grinding && exec sleep infinity'
docker network create bakery
docker run --detach --name baker --network bakery --publish 8050:8000 --volume ~/trio/bread:/www:ro busybox:1.36 httpd -f -p 8000 -h /www
docker network connect bakery porter
docker volume rm cellar-7 family-recipes
