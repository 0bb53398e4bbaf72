echo "# nothing"
