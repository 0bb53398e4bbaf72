echo hello > /home/candidate/seen
