[ "$(cat /home/candidate/seen)" = hello ]
