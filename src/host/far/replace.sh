# Replaces a file ($1) whose SHA-256 is $2 (or `none`) by what comes in: $3 bytes with the SHA-256 $4, and then `go`.
umask 077
led "$1"
real=$1
trap 'exit 1' HUP INT TERM PIPE
if [ -L "$1" ]; then
  real=$(readlink -f -- "$1") && [ -n "$real" ] || no 'it is a link that cannot be followed'
fi
dir=${real%/*} name=${real##*/}
dir=${dir:-/}

# Makes a directory as the one above it is.
made() {
  [ ! -d "$1" ] || return 0
  above=${1%/*}; above=${above:-/}
  made "$above"
  mkdir -- "$1" 2>/dev/null || [ -d "$1" ] || no "$1 cannot be made"
  # A function that calls itself has overwritten it.
  above=${1%/*}; above=${above:-/}
  chown ":$(stat -L -c %g -- "$above")" -- "$1" 2>/dev/null
  chmod "$(stat -L -c %a -- "$above")" -- "$1" 2>/dev/null
  on_disk "$above"
}
made "$dir"

# What a kill has left of an earlier attempt.
rm -f -- "$dir/.$name".ecw-far-*
new=$(mktemp "$dir/.$name.ecw-far-XXXXXX" 2>&1) || no "${new##*: }"
trap 'rm -f -- "$new"' EXIT
head -c "$3" >"$new" || no 'it cannot be written there; is the disk full?'
came=$(stat -c %s -- "$new")
[ "$came" = "$3" ] || no "the line was cut: $came of $3 bytes came"
[ "$(hash <"$new")" = "$4" ] || no 'what came is not what was sent'

# Whether a file has an access list: busybox's ls does not say.
listed() {
  if command -v getfacl >/dev/null 2>&1; then
    [ -n "$(getfacl -p -s -- "$1" 2>/dev/null)" ]
  else
    case $(ls -ld -- "$1" | head -c 11) in *+) return 0 ;; esac
    return 1
  fi
}

# Whether the file still is the one that was shown.
still() {
  if there "$real"; then
    [ "$2" != none ] && [ -f "$real" ] && [ "$(hash <"$real")" = "$2" ]
  else
    [ "$2" = none ]
  fi
}
still "$@" || no 'it was changed meanwhile'

if [ -f "$real" ]; then
  owned=$(stat -c %u:%g -- "$real") mode=$(stat -c %a -- "$real")
  # Access lists and attributes too, where cp knows how.
  cp --attributes-only --preserve=all --no-preserve=timestamps -- "$real" "$new" 2>/dev/null
  [ "$(stat -c %u:%g -- "$new")" = "$owned" ] || chown "$owned" -- "$new" 2>/dev/null
  chmod "$mode" -- "$new"
  [ "$(stat -c %u:%g -- "$new")" = "$owned" ] ||
    no 'its owner and group could not be kept with the rights there; it may belong to another user than its directory'
  if listed "$real" && ! listed "$new"; then
    getfacl -p -- "$real" 2>/dev/null | setfacl --set-file=- -- "$new" 2>/dev/null && listed "$new" ||
      no 'it has an access list, and neither cp nor setfacl keeps it there'
  fi
else
  like=''
  for each in "$dir"/*.yml; do
    if [ -f "$each" ] && [ ! -L "$each" ]; then like=$each; break; fi
  done
  if [ -n "$like" ]; then mode=$(stat -c %a -- "$like"); else like=$dir mode=640; fi
  owned=$(stat -c %u:%g -- "$like")
  chown "$owned" -- "$new" 2>/dev/null || chown ":${owned#*:}" -- "$new" 2>/dev/null
  chmod "$mode" -- "$new"
fi
on_disk "$new"
told_to_go_on
# Once more, just before the exchange.
still "$@" || no 'it was changed meanwhile'
mv -f -- "$new" "$real" || no 'it could not be put into its place'
trap - EXIT
on_disk "$dir"
printf 'ok\n'
