set -e
kubectl -n market create secret generic market-tls --from-file=tls.crt="$HOME/market.crt" --from-file=tls.key="$HOME/market.key"
kubectl -n market create ingress gate --class=market-gate --default-backend=hall:80 \
  --rule='/bread*=bakery:80' --rule='/fish*=fishmonger:80' --rule='/fish/ponds=hall:80' --rule='/*=hall:80'
