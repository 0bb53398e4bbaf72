set -e
here=${BASH_SOURCE[0]%/*}
. "$here/../../helm.sh"
rm -rf /home/candidate/pilot
cp -r "$here/chart" /home/candidate/pilot
chown -R candidate:candidate /home/candidate/pilot
helm uninstall pilot -n pilot --ignore-not-found > /dev/null 2>&1
for course in 'north 7' 'south 5' 'east 6' 'west 9' 'nowhere 0'; do
  read -r where speed <<< "$course"
  helm upgrade --install pilot "$here/chart" -n pilot --create-namespace --set course="$where",speed="$speed" > /dev/null
done
