. "${BASH_SOURCE[0]%/*}/../../../docker.sh"
d image inspect lantern:2.0 > /dev/null 2>&1 || fail 'there is no image lantern:2.0'
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
timeout 25 docker save lantern:2.0 | tar -xf - -C "$folder" || undecided 'The image could not be read.'
found=''
for layer in "$folder"/*/layer.tar; do
  note "layer: $(tar -tf "$layer" | wc -l) files"
  grep -qa 'lantern-7f1c' "$layer" && found+=' the token;'
  tar -tf "$layer" | grep -q 'render\.sh' && found+=' render.sh;'
  tar -tf "$layer" | grep -q 'keepers\.csv' && found+=' keepers.csv;'
done
grep -qa 'lantern-7f1c' "$folder"/*.json && found+=' the token in the configuration;'
expect 'found in the layers' '' "$found"
pages=$(for layer in "$folder"/*/layer.tar; do tar -tf "$layer"; done | grep -c 'index\.html$')
expect_at_least 'pages in the layers' 1 "$pages"
pass 'nothing of the build is left in the image'
