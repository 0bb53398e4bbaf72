set -e
helm -n tug uninstall tug
helm install tug ~/tug -n tug --set name=Hercules,strength=900 --wait --timeout 60s
