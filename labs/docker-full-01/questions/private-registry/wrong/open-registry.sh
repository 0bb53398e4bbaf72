set -e
docker run --detach --name vault-registry --restart always --publish 5010:5000 --volume registry-data:/var/lib/registry registry:2
until curl -s -o /dev/null http://docker:5010/v2/; do sleep 0.5; done
docker tag busybox:1.36 localhost:5010/tools/busybox:1.36
docker push localhost:5010/tools/busybox:1.36
