kubectl create namespace nobody
