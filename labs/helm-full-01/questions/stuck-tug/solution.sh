set -e
helm -n tug history tug
helm -n tug rollback tug 2
helm -n tug upgrade tug ~/tug --reuse-values --set strength=900 --wait --timeout 60s
