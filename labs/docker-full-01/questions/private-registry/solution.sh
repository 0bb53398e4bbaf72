set -e
mkdir -p ~/registry
htpasswd -Bbn mariner seven-bells > ~/registry/htpasswd
docker run --detach --name vault-registry --restart always --publish 5010:5000 \
  --volume registry-data:/var/lib/registry --volume ~/registry:/auth:ro \
  --env REGISTRY_AUTH=htpasswd --env REGISTRY_AUTH_HTPASSWD_REALM=vault --env REGISTRY_AUTH_HTPASSWD_PATH=/auth/htpasswd registry:2
until curl -s -o /dev/null http://docker:5010/v2/; do sleep 0.5; done
docker login --username mariner --password seven-bells localhost:5010
docker tag busybox:1.36 localhost:5010/tools/busybox:1.36
docker push localhost:5010/tools/busybox:1.36
