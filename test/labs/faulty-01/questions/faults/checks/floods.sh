head -c 104857600 /dev/zero | tr "\0" x
echo the end
