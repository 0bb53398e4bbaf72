set -e
kubectl apply --validate=false -f - << 'YAML'
apiVersion: v1
kind: Namespace
metadata: { name: archive-east }
YAML
openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /O=archivists/CN=marta \
  -keyout /home/candidate/marta.key -out /home/candidate/marta.csr 2> /dev/null
chown candidate:candidate /home/candidate/marta.key /home/candidate/marta.csr
