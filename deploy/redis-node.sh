#!/bin/sh
# One node of the Redis Cluster of compose.yaml: redis-node.sh PORT; or the joining of all six: redis-node.sh create.
# /tls holds redis.crt, redis.key (for TEAM_ADDRESS) and ca.crt; REDIS_PASSWORD is that of the user who manages.
set -eu
: "${REDIS_PASSWORD:?is not set}" "${TEAM_ADDRESS:?is not set}"
tls=${TLS:-/tls}
if [ "$1" = create ]; then
  export REDISCLI_AUTH="$REDIS_PASSWORD"
  cli="redis-cli --tls --cacert $tls/ca.crt -h $TEAM_ADDRESS"
  # It may take the nodes a moment to listen; this is started again until it succeeds.
  $cli -p 7501 cluster info | grep -q cluster_state:ok && exit 0
  # Nodes are introduced to each other by address; what they tell their clients is the name.
  ip=$(getent ahostsv4 "$TEAM_ADDRESS" | awk '{ print $1; exit }')
  nodes=""
  for port in 7501 7502 7503 7504 7505 7506; do nodes="$nodes $ip:$port"; done
  # shellcheck disable=SC2086
  exec $cli -p 7501 --cluster create $nodes --cluster-replicas 1 --cluster-yes
fi
# The password is in no list of processes: redis-server reads it from its standard input.
exec redis-server \
  --port 0 --tls-port "$1" --tls-cluster yes --tls-replication yes --tls-auth-clients no \
  --tls-cert-file "$tls/redis.crt" --tls-key-file "$tls/redis.key" --tls-ca-cert-file "$tls/ca.crt" \
  --cluster-enabled yes --cluster-announce-hostname "$TEAM_ADDRESS" --cluster-preferred-endpoint-type hostname \
  --dir "${DATA:-/data}" --appendonly yes --save '' --maxmemory-policy noeviction - <<END
requirepass "$REDIS_PASSWORD"
masterauth "$REDIS_PASSWORD"
END
