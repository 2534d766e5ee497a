# The names in a directory, each ended by a NUL.
there "$1" || no 'No such file or directory'
[ -d "$1" ] || no 'Not a directory'
[ -r "$1" ] && cd -- "$1" 2>/dev/null || no 'Permission denied'
printf 'ok\n'
for name in * .[!.]* ..?*; do
  if [ -e "$name" ] || [ -L "$name" ]; then printf '%s\0' "$name"; fi
done
