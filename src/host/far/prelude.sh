# What every script begins with. The first line that is ours stands below whatever a login shell prints.
LC_ALL=C; export LC_ALL
printf '\n%s\n' 'event-cache-wizard 1'

# Refuses, with the reason.
no() { printf 'no %s\n' "$*"; exit 0; }

# Whether something is at a path; refuses where that cannot be told.
there() {
  if said=$(ls -ld -- "$1" 2>&1 >/dev/null); then return 0; fi
  case $said in *': No such file or directory') return 1 ;; esac
  no "${said##*: }"
}

# As root: what a user has linked may lead only to what is that user's own.
led() {
  [ "$(id -u)" = 0 ] || return 0
  part='' rest=${1#/}
  while [ -n "$rest" ]; do
    part=$part/${rest%%/*}
    case $rest in */*) rest=${rest#*/} ;; *) rest='' ;; esac
    [ -L "$part" ] || continue
    owner=$(stat -c %u -- "$part") || no 'its links cannot be looked at'
    [ "$owner" != 0 ] || continue
    target=$(readlink -f -- "$1") || no 'its links cannot be followed'
    [ -e "$target" ] || target=${target%/*}
    [ "$(stat -c %u -- "${target:-/}")" = "$owner" ] || no "$part leads to what is not its owner's"
  done
}

# Makes ours in a hal directory ($1: .event-cache-wizard/<deployment> below it).
ours() {
  for each in "${1%/*}" "$1"; do
    [ ! -L "$each" ] || no "$each is a link"
    [ -d "$each" ] || mkdir -- "$each" || no "$each cannot be made"
  done
  if [ ! -e "$1/.gitignore" ] && [ ! -L "$1/.gitignore" ]; then
    printf '*\n' >"$1/.gitignore" || no "$1 cannot be written"
  fi
}

# Says that all is prepared, and goes on only when told to: a line that was cut tells nothing.
told_to_go_on() {
  printf 'ready\n'
  read -r told && [ "$told" = go ] || exit 1
}

# Has files and directories on disk; where sync takes no names, everything.
on_disk() { sync -- "$@" 2>/dev/null || sync; }

# The SHA-256 of what comes in.
hash() {
  sum=$(sha256sum) || no 'sha256sum fails there'
  printf %s "${sum%% *}"
}
