set -e
docker run --detach --name quota-worker --env QUEUE=parcels --env RETRIES=4 --workdir /srv --memory 48m --memory-swap 48m --cpus 0.5 \
  --restart on-failure:5 --log-opt max-size=2m --log-opt max-file=3 busybox:1.36 sleep infinity
