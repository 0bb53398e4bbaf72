set -e
docker run --detach --name quota-worker --env-file ~/worker/worker.env --workdir /srv \
  --memory 48m --memory-swap 48m --cpus 0.5 --pids-limit 30 \
  --restart on-failure:5 --log-driver json-file --log-opt max-size=2m --log-opt max-file=3 busybox:1.36 sleep infinity
