set -e
folder=/home/candidate/lantern
mkdir -p $folder
cat > $folder/keepers.csv << 'END'
tower,keeper,lamp
Hook Head,Aoife,19
Roker Pier,Tam,26
Sumburgh,Ingrid,23
END
cat > $folder/render.sh << 'END'
#!/bin/bash
# render.sh FOLDER: makes the page. Without the token it refuses.
set -e
cd "${0%/*}"
[ "$(sha256sum < build-token | cut -c1-8)" = 453ea429 ] || { echo 'build-token is missing or wrong' >&2; exit 1; }
mkdir -p "$1"
{
  echo '<html><body><h1>Keepers of the lights</h1><ul>'
  tail -n +2 keepers.csv | while IFS=, read -r tower keeper lamp; do echo "<li>$tower: $keeper sees $lamp miles</li>"; done
  echo '</ul></body></html>'
} > "$1/index.html"
END
chmod 755 $folder/render.sh
echo 'lantern-7f1c-only-for-the-build' > $folder/build-token
cat > $folder/Dockerfile << 'END'
FROM nginx:1.27
COPY . /src
RUN /src/render.sh /usr/share/nginx/html
END
chown -R 1000:1000 $folder
docker build --quiet --tag lantern:1.0 $folder
