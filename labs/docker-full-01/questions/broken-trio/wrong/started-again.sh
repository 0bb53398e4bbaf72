docker restart --time 1 miller porter
docker start baker || true
