set -e
install -d -o 1000 -g 1000 /home/candidate/signal
