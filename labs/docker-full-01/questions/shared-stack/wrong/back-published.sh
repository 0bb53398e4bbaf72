set -e
docker run --detach --name back --publish 8095:80 --publish 9000:9000 --volume ~/front/www:/www:ro busybox:1.36 httpd -f -p 9000 -h /www
docker run --detach --name front --network container:back --volume ~/front/front.conf:/etc/nginx/conf.d/default.conf:ro nginx:1.27
