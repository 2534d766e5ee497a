# Where a deploy stands, and what its log says from byte $4 on: at most $5 bytes, and of more than $6 the last $7.
home=$1 name=$2 note=$3 offset=$4 most=$5 far=$6 kept=$7
dir=$home/$name

# Whether a process of it runs: the lock is held in its name, or one bears its mark.
runs() {
  if command -v flock >/dev/null 2>&1 && [ -f "$home/deploy.lock" ]; then
    [ "$(head -c 4096 -- "$home/deploying" 2>/dev/null)" = "$note" ] || return 1
    ! flock -n -s "$home/deploy.lock" true
    return
  fi
  for each in /proc/[0-9]*; do
    if { tr '\0' '\n' <"$each/environ"; } 2>/dev/null | grep -qxF "EVENT_CACHE_WIZARD_DEPLOY=$name"; then return 0; fi
  done
  return 1
}

look() {
  if [ -f "$dir/exit" ]; then
    state="ended $(head -c 400 -- "$dir/exit" | tr -cd ' -~' | tr -d ' ')"
  elif runs; then
    state=running
  elif [ ! -s "$dir/owner" ]; then
    state=absent
  elif [ -f "$dir/exit" ]; then
    state="ended $(head -c 400 -- "$dir/exit" | tr -cd ' -~' | tr -d ' ')"
  else
    state=vanished
  fi
  size=$(stat -c %s -- "$dir/log" 2>/dev/null || printf 0)
}

look
waited=0
# News are worth a line of their own; that there are none is said seldom.
while [ "$state" = running ] && [ "$size" -le "$offset" ] && [ "$waited" -lt 2 ]; do
  sleep 1
  waited=$((waited + 1))
  look
done
from=$offset
if [ $((size - offset)) -gt "$far" ]; then from=$((size - kept)); fi
printf 'ok %s %s %s\n' "$size" "$from" "$state"
if [ "$size" -gt "$from" ]; then tail -c "+$((from + 1))" -- "$dir/log" | head -c "$most"; fi
