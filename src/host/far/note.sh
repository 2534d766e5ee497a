# Where the state of the deployment $1 stands ($1 is ours in the hal directory). Without $2 that is looked for; with it,
# it is noted, if nothing stands there yet, and what a kill has left in the profiles ($3) is taken away.
note=$1/state-dir
profiles=${3:-}
swept() { rm -f -- "$profiles"/.gate-local.yml.ecw-far-* "$profiles"/.clouddriver-local.yml.ecw-far-*; }
if there "$1/journal.jsonl"; then printf 'own\n'; exit 0; fi
if there "$note"; then
  [ -f "$note" ] && [ ! -L "$note" ] || no "$note is no regular file"
  said=$(head -c 4096 -- "$note" | head -n 1)
  [ "$said" != "${2:-}" ] || swept
  printf 'ok %s\n' "$said"
  exit 0
fi
if [ -z "${2:-}" ]; then printf 'none\n'; exit 0; fi
umask 007
swept
ours "$1"
new=$(mktemp "$1/.state-dir.ecw-far-XXXXXX" 2>&1) || no "${new##*: }"
printf '%s\n' "$2" >"$new" && chmod 640 -- "$new" || no 'it cannot be written'
on_disk "$new"
# A name that is taken stays whose it is.
ln -- "$new" "$note" 2>/dev/null
rm -f -- "$new"
on_disk "$1"
[ -f "$note" ] || no 'it cannot be written'
printf 'ok %s\n' "$(head -c 4096 -- "$note" | head -n 1)"
