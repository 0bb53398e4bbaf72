. "$CKX_CHECKS/2.sh"
expect 'what is in the file' 'no exposure in /etc/camera, shutter closed (code 17)' \
  "$(sed 's/[[:space:]]*$//' /home/candidate/camera-last-words.txt 2> /dev/null | grep .)"
pass 'the last words are written down'
