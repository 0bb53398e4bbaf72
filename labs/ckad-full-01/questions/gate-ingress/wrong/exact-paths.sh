set -e
kubectl -n market create secret tls market-tls --cert="$HOME/market.crt" --key="$HOME/market.key"
kubectl -n market create ingress gate --class=market-gate \
  --rule='market.example.com/bread=bakery:80,tls=market-tls' \
  --rule='market.example.com/fish=fishmonger:8080,tls=market-tls' \
  --rule='market.example.com/fish/ponds=hall:80,tls=market-tls'
