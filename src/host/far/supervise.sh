# The supervisor of a deploy over there: it runs hal with no terminal and no pipe, and writes down how hal ended. The
# lock is its standard input and hal's: it is free when no process of the deploy runs any more.
trap '' HUP PIPE
dir=$1
shift
printf '%s\n' "$$" >"$dir/owner"
"$@" >>"$dir/log" 2>&1
code=$?
tries=0
until
  printf '%-200s\n' "{\"exit\":$code,\"at\":$(date +%s)000}" | dd of="$dir/exit.new" conv=notrunc 2>/dev/null &&
    { sync -- "$dir/exit.new" 2>/dev/null || sync; } &&
    mv -f -- "$dir/exit.new" "$dir/exit"
do
  tries=$((tries + 1))
  [ "$tries" -lt 30 ] || exit 1
  sleep 1
done
# The next deploy may begin.
exec <&- 8<&- 9<&-
sync -- "$dir" 2>/dev/null || sync
