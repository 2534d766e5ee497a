# What is there: the tools that are needed, those that are missed, and whether words arrive as they were sent.
[ "$1" = "$2" ] && [ "${#1}" = "$3" ] || no 'its shell changes the words that are sent to it; it must read quotes as a POSIX shell does'
lacks=''
for tool in cat chmod chown head id ls mkdir mktemp mv readlink rm sha256sum stat sync tail; do
  command -v "$tool" >/dev/null 2>&1 || lacks="$lacks $tool"
done
stat -c %s / >/dev/null 2>&1 || lacks="$lacks stat -c"
[ -z "$lacks" ] || no "these are not there:$lacks"
misses=''
for tool in setsid flock; do
  command -v "$tool" >/dev/null 2>&1 || misses="$misses $tool"
done
command -v curl >/dev/null 2>&1 || command -v wget >/dev/null 2>&1 || misses="$misses curl"
printf 'ok %s\n' "$(id -un 2>/dev/null || id -u)$misses"
