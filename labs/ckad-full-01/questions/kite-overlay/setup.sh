set -e
here=${BASH_SOURCE[0]%/*}
rm -rf /home/candidate/kites
mkdir -p /home/candidate/kites
cp -r "$here/base" /home/candidate/kites/base
chown -R candidate:candidate /home/candidate/kites
