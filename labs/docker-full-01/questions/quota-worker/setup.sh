set -e
install -d -o 1000 -g 1000 /home/candidate/worker
printf 'QUEUE=parcels\nREGION=north sea\nRETRIES=4\n' > /home/candidate/worker/worker.env
chown 1000:1000 /home/candidate/worker/worker.env
docker rm --force --volumes quota-worker > /dev/null 2>&1 || true
