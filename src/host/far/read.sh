# Reads a file ($1) that is no bigger than $2 bytes.
if ! there "$1"; then printf 'none\n'; exit 0; fi
led "$1"
[ -e "$1" ] || no 'it is a link that leads nowhere'
[ -f "$1" ] || no 'it is no regular file'
size=$(stat -L -c %s -- "$1") || no 'its size cannot be told'
[ "$size" -le "$2" ] || no 'it is unreasonably big'
[ -r "$1" ] || no 'Permission denied'
printf 'ok %s\n' "$size"
# One byte more, where it grew meanwhile: what is sent is then not what was said.
head -c "$((size + 1))" -- "$1"
