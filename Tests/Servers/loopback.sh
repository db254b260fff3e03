# SPDX-License-Identifier: MIT
# Sourced by the scripts beside it. They use loopback alone, and ports that nobody else has.

# A free port of 127.0.0.1. Another program may take it before it is used: who starts servers tries again.
free_port() {
  perl -MIO::Socket::INET -e \
    'print IO::Socket::INET->new(LocalAddr => "127.0.0.1", Listen => 1)->sockport'
}

# Whether something listens there, within five seconds.
listens() { # PORT
  local step
  for step in $(seq 100); do
    (exec 3<> "/dev/tcp/127.0.0.1/$1") 2> /dev/null && return 0
    sleep 0.05
  done
  return 1
}

# Ends the process of a pid file, if it still is the program that was started, and waits until it is gone.
end_process() { # PIDFILE WORD
  local pid step
  [ -s "$1" ] || return 0
  pid=$(cat "$1")
  rm -f "$1"
  case $pid in *[!0-9]* | '') return 0 ;; esac
  tr '\0' ' ' 2> /dev/null < "/proc/$pid/cmdline" | grep -qF -- "$2" || return 0
  kill "$pid" 2> /dev/null || return 0
  for step in $(seq 100); do
    kill -0 "$pid" 2> /dev/null || return 0
    sleep 0.05
  done
  kill -9 "$pid" 2> /dev/null || true
}

# Does what the first word says, by the `is_installed`, `start DIR`, `stop DIR` and $packages of the script that asks;
# what comes from elsewhere than Debian it gets by its `fetch`.
obey() { # SCRIPT WORD [DIR]
  local script=$1 root dir
  shift
  case ${1-} in
    installed) is_installed ;;
    install)
      is_installed || if declare -F fetch > /dev/null; then fetch >&2; else
        root=$([ "$(id -u)" = 0 ] || echo sudo)
        $root apt-get update -q >&2
        # shellcheck disable=SC2086,SC2154
        $root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $packages >&2
      fi
      ;;
    start)
      is_installed || { echo "$script: not installed: run $script install" >&2; exit 1; }
      dir=$(realpath -m "${2:?DIR}")
      # What has started is stopped when the rest can't be.
      # shellcheck disable=SC2064
      trap "stop '$dir'" EXIT
      start "$dir"
      trap - EXIT
      ;;
    stop) stop "$(realpath -m "${2:?DIR}")" ;;
    *) echo "usage: $script install | installed | start DIR | stop DIR" >&2; exit 64 ;;
  esac
}
