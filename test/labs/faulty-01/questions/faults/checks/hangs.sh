sleep 600 & echo "child $!"
wait
