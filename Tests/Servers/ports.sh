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
