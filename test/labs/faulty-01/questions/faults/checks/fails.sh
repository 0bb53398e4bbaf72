kubectl --request-timeout=5s get pod nobody-made-this
