[ "$(wc -l < greeting.txt)" = 1 ]
