set -e
docker run --detach --name quota-worker --env-file ~/worker/worker.env --workdir /srv --memory 48m --memory-swap 48m --cpus 0.5 --pids-limit 30 \
  --restart always busybox:1.36 sleep infinity
