set -e
mkdir -p /home/candidate/front/www
echo 'from the back' > /home/candidate/front/www/index.html
printf 'server {\n  listen 80;\n  location / { proxy_pass http://127.0.0.1:9000; }\n}\n' > /home/candidate/front/front.conf
chown -R 1000:1000 /home/candidate/front
docker rm --force --volumes front back > /dev/null 2>&1 || true
