set -e
docker run --detach --name gate --user 4004:4004 --cap-drop ALL --security-opt no-new-privileges \
  --tmpfs /tmp:size=8m,mode=1777,noexec --volume ~/gate:/www:ro --publish 8060:8080 busybox:1.36 httpd -f -p 8080 -h /www
