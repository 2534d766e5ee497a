# What a path is, links followed: kind, size, seconds since 1970, mode, owner, group, names.
if ! there "$1"; then printf 'none\n'; exit 0; fi
if [ -f "$1" ]; then kind=f; elif [ -d "$1" ]; then kind=d; else kind=o; fi
if [ -e "$1" ]; then
  known=$(stat -L -c '%s %Y %a %u %g %h' -- "$1")
else
  known=$(stat -c '%s %Y %a %u %g %h' -- "$1")
fi || no 'it cannot be looked at'
printf 'ok %s %s\n' "$kind" "$known"
