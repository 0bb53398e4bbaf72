set -e
here=${BASH_SOURCE[0]%/*}
. "$here/../../helm.sh"
rm -rf /home/candidate/oven
cp -r "$here/charts/oven" /home/candidate/oven
chown -R candidate:candidate /home/candidate/oven
helm uninstall oven -n bakery --ignore-not-found > /dev/null 2>&1
helm install oven "$here/charts/oven" -n bakery --create-namespace --set loaf=barley --set salt=3
helm upgrade oven "$here/charts/oven" -n bakery --set loaf=rye --set salt=2
helm upgrade oven "$here/charts/oven" -n bakery --set loaf=rye --set salt=2 --set image=nginx:1.72 # ckx-lint: allow IMAGE_UNDECLARED
