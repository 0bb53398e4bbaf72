. "$CKX_CHECKS/2.sh"
as() { k auth can-i "$@" --as=system:serviceaccount:sky:observer --as-group=system:serviceaccounts \
  --as-group=system:serviceaccounts:sky --as-group=system:authenticated 2> /dev/null; }
for verb in get list watch; do expect "may $verb comets in sky" yes "$(as "$verb" comets.sky.example.com -n sky)"; done
for verb in create update patch delete; do expect "may $verb comets in sky" no "$(as "$verb" comets.sky.example.com -n sky)"; done
expect 'may list secrets in sky' no "$(as list secrets -n sky)"
expect 'may list pods in sky' no "$(as list pods -n sky)"
pass 'the observer may look'
