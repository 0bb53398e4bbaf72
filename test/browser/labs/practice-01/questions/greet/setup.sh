rm -f greeting.txt # in lobby
