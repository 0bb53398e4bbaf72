set -e
docker run --detach --name back --volume ~/front/www:/www:ro busybox:1.36 httpd -f -p 127.0.0.1:9000 -h /www
docker run --detach --name front --publish 8095:80 --volume ~/front/front.conf:/etc/nginx/conf.d/default.conf:ro nginx:1.27
