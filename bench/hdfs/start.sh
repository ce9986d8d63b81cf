#!/usr/bin/env bash
# Starts a tuned HDFS on this machine for the benchmark: a NameNode and a DataNode, and with HTTPFS=yes an HttpFS.
#
#   bench/hdfs/start.sh DIR     keeps everything in DIR; DIR/url and DIR/httpfs-url hold the URLs
#   bench/hdfs/stop.sh DIR      ends it
#
# Needs Java 17 or later, curl, and Maven, which fetches Hadoop's jars the first time (some minutes).
# HDFS_PORT is the first of six consecutive ports (29870), HDFS_HEAP the heap of each JVM (1g), HDFS_LOG the log level
# (WARN), HADOOP_JARS a folder with Hadoop's jars, if there is one already.
#
# Tuned means configured as an operator with many small files would do it; without these settings, the figures would be unfair:
# - num-committed-allowed=1: a file may be closed before its DataNode has reported the last block. Stock HDFS sleeps
#   400 ms if the report loses that race, as it often does, and one client then manages 5 creates per second.
# - locateFollowingBlock.initial.delay.ms=10: a similar wait elsewhere begins with 10 ms instead of 400. It doubles with each
#   try, so a busy client would wait up to twice as long as necessary, or give the file up after five tries, 0.3 seconds:
#   max.delay.ms=80 and retries=125 make it retry soon, for up to ten seconds.
# - no audit log, no log line per request, replication 1. Granary logs as little.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
[ $# = 1 ] || { echo "usage: $0 DIR" >&2; exit 2; }
mkdir -p "$1"
dir=$(cd "$1" && pwd)
port=${HDFS_PORT:-29870} heap=${HDFS_HEAP:-1g} host=127.0.0.1
jars=${HADOOP_JARS:-${XDG_CACHE_HOME:-$HOME/.cache}/granary/hadoop-3.4.2}
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
super=$(id -un)
name_http=$port name_rpc=$((port + 1)) data_http=$((port + 2)) data_xfer=$((port + 3)) data_ipc=$((port + 4)) httpfs_http=$((port + 5))

for p in $(seq "$port" "$httpfs_http"); do
  if (exec 3<>"/dev/tcp/$host/$p") 2>/dev/null; then
    echo "$0: port $p is in use; set HDFS_PORT to the first of six free ones" >&2
    exit 1
  fi
done

if [ ! -e "$jars/complete" ]; then
  echo "fetching Hadoop into $jars" >&2
  mvn -q -B -Dstyle.color=never -f "$here/pom.xml" dependency:copy-dependencies -DoutputDirectory="$jars" >&2
  touch "$jars/complete"
fi

mkdir -p "$dir"/{conf,log,pid,httpfs}
# The servers need folders for the pages of their user interfaces, which the jars lack; empty ones are enough.
for page in hdfs datanode static; do
  mkdir -p "$dir/web/webapps/$page/WEB-INF"
  echo '<web-app xmlns="http://java.sun.com/xml/ns/javaee" version="3.0"/>' >"$dir/web/webapps/$page/WEB-INF/web.xml"
done

configuration() { # name=value ... : prints a Hadoop configuration file
  echo '<configuration>'
  for setting in "$@"; do
    echo "<property><name>${setting%%=*}</name><value>${setting#*=}</value></property>"
  done
  echo '</configuration>'
}
configuration \
  "fs.defaultFS=hdfs://$host:$name_rpc" \
  "hadoop.tmp.dir=$dir/tmp" \
  "hadoop.user.group.static.mapping.overrides=dr.who=;bench=" \
  "hadoop.proxyuser.$super.hosts=*" "hadoop.proxyuser.$super.groups=*" \
  >"$dir/conf/core-site.xml"
configuration \
  "dfs.replication=1" \
  "dfs.namenode.rpc-address=$host:$name_rpc" "dfs.namenode.http-address=$host:$name_http" \
  "dfs.namenode.name.dir=file://$dir/name" \
  "dfs.datanode.address=$host:$data_xfer" "dfs.datanode.ipc.address=$host:$data_ipc" \
  "dfs.datanode.http.address=$host:$data_http" "dfs.datanode.hostname=$host" \
  "dfs.datanode.data.dir=file://$dir/data" \
  "dfs.client.use.datanode.hostname=true" "dfs.datanode.use.datanode.hostname=true" \
  "dfs.namenode.datanode.registration.ip-hostname-check=false" \
  "dfs.namenode.safemode.extension=0" \
  "dfs.namenode.file.close.num-committed-allowed=1" \
  "dfs.client.block.write.locateFollowingBlock.initial.delay.ms=10" \
  "dfs.client.block.write.locateFollowingBlock.max.delay.ms=80" \
  "dfs.client.block.write.locateFollowingBlock.retries=125" \
  >"$dir/conf/hdfs-site.xml"
configuration \
  "httpfs.http.hostname=$host" "httpfs.http.port=$httpfs_http" \
  "httpfs.proxyuser.$super.hosts=*" "httpfs.proxyuser.$super.groups=*" \
  >"$dir/conf/httpfs-site.xml"
head -c 32 /dev/urandom | base64 >"$dir/conf/httpfs-signature.secret"
cat >"$dir/conf/log4j.properties" <<LOG
log4j.rootLogger=${HDFS_LOG:-WARN},file
log4j.appender.file=org.apache.log4j.RollingFileAppender
log4j.appender.file.File=\${granary.log}
log4j.appender.file.MaxFileSize=64MB
log4j.appender.file.MaxBackupIndex=1
log4j.appender.file.layout=org.apache.log4j.PatternLayout
log4j.appender.file.layout.ConversionPattern=%d{ISO8601} %p %c: %m%n
log4j.logger.org.apache.hadoop.hdfs.server.namenode.FSNamesystem.audit=OFF
log4j.logger.httpfsaudit=OFF
LOG
cp "$dir/conf/log4j.properties" "$dir/conf/httpfs-log4j.properties"

# Hadoop's libraries access these packages by reflection, which Java 17 does not allow by default.
opens=()
for package in lang lang.reflect io net nio util util.concurrent; do
  opens+=("--add-opens=java.base/java.$package=ALL-UNNAMED")
done
run() { # name arguments... : runs one of Hadoop's programs
  local name=$1
  shift
  exec "$java" "-Xmx$heap" "${opens[@]}" "-Dgranary.log=$dir/log/$name.log" "-Dhadoop.log.dir=$dir/log" \
    "-Dhttpfs.home.dir=$dir/httpfs" "-Dhttpfs.config.dir=$dir/conf" "-Dhttpfs.log.dir=$dir/log" "-Dhttpfs.temp.dir=$dir/httpfs" \
    -cp "$dir/conf:$dir/web:$jars/*" "$@" >"$dir/log/$name.out" 2>&1 </dev/null
}
start() { # name class : in the background, where the terminal's interrupt does not reach it
  set -m
  run "$@" &
  echo $! >"$dir/pid/$1"
  set +m
}
hdfs=org.apache.hadoop.hdfs.server
if [ ! -e "$dir/name/current/VERSION" ]; then
  (run format "$hdfs.namenode.NameNode" -format -nonInteractive) || { tail -20 "$dir/log/format.out" >&2; exit 1; }
fi
start namenode "$hdfs.namenode.NameNode"
start datanode "$hdfs.datanode.DataNode"
[ "${HTTPFS:-no}" = no ] || start httpfs org.apache.hadoop.fs.http.server.HttpFSServerWebServer

name="http://$host:$name_http" httpfs="http://$host:$httpfs_http"
fail() { # message server : prints the end of the server's output, too
  tail -n 25 "$dir/log/$2.out" "$dir/log/$2.log" >&2
  echo "$0: $1" >&2
  exit 1
}
wait_for() { # what command... : waits up to two minutes
  local what=$1 end=$((SECONDS + 120)) pid
  shift
  until "$@" >/dev/null 2>&1; do
    for pid in "$dir"/pid/*; do
      kill -0 "$(cat "$pid")" 2>/dev/null || fail "the $(basename "$pid") ended" "$(basename "$pid")"
    done
    [ "$SECONDS" -lt "$end" ] || fail "no $what within two minutes" namenode
    sleep 0.5
  done
}
metric() { # bean pattern
  curl -sf "$name/jmx?qry=Hadoop:service=NameNode,name=$1" | grep -q "$2"
}
wait_for "live DataNode" metric FSNamesystemState '"NumLiveDataNodes" : 1'
wait_for "end of safe mode" metric NameNodeInfo '"Safemode" : ""'
# The benchmark's user is an ordinary user, and works in a folder where everybody may write.
for op in MKDIRS SETPERMISSION; do
  curl -sf -X PUT "$name/webhdfs/v1/tmp?op=$op&permission=1777&user.name=$super" >/dev/null
done
echo "$name" >"$dir/url"
if [ "${HTTPFS:-no}" != no ]; then
  wait_for "HttpFS" curl -sf "$httpfs/webhdfs/v1/tmp?op=GETFILESTATUS&user.name=$super"
  echo "$httpfs" >"$dir/httpfs-url"
fi
