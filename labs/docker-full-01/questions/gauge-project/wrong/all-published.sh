set -e
cd ~/gauge
cat > compose.yaml << 'END'
name: gauge
services:
  gauge:
    image: busybox:1.36
    command: sh -c "sleep 4; mkdir -p /var/gauge; [ -e /var/gauge/level ] || echo 'level 42' > /var/gauge/level; exec httpd -f -p 8000 -h /var/gauge"
    stop_signal: SIGKILL
    ports:
      - '8071:8000'
  display:
    image: nginx:1.27
    command: sh -c "curl -s -m 2 http://gauge:8000/level > /usr/share/nginx/html/index.html; exec nginx -g 'daemon off;'"
    ports:
      - '8070:80'
END
docker compose up -d
until [ "$(curl -s -m 2 docker:8070)" = "level 42" ]; do docker compose restart -t 0 display > /dev/null 2>&1; sleep 2; done
