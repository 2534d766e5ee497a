# Tells the hal of a deploy ($1: its directory, $2: its name) to stop: java where there is one, else what has nothing below it.
me=$$
ours=''
for each in /proc/[0-9]*; do
  pid=${each#/proc/}
  [ "$pid" != "$me" ] || continue
  if { tr '\0' '\n' <"$each/environ"; } 2>/dev/null | grep -qxF "EVENT_CACHE_WIZARD_DEPLOY=$2"; then ours="$ours $pid"; fi
done
owner=$(head -c 20 -- "$1/owner" 2>/dev/null)
[ -n "$ours" ] || no 'no process of the deploy can be seen there'
told=''
for pid in $ours; do
  read -r called <"/proc/$pid/comm" 2>/dev/null || continue
  [ "$called" = java ] && kill -TERM "$pid" 2>/dev/null && told="$told $pid"
done
if [ -z "$told" ]; then
  for pid in $ours; do
    [ "$pid" != "$owner" ] || continue
    below=no
    for other in $ours; do
      read -r stat <"/proc/$other/stat" 2>/dev/null || continue
      stat=${stat##*) }
      parent=${stat#* }
      [ "${parent%% *}" != "$pid" ] || below=yes
    done
    [ "$below" = no ] && kill -TERM "$pid" 2>/dev/null && told="$told $pid"
  done
fi
[ -n "$told" ] || no 'its hal cannot be told from here'
printf 'ok %s\n' "${told# }"
