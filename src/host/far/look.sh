# What is there: the tools that are needed, those that are missed, and whether words arrive as they were sent.
[ "$1" = "$2" ] && [ "${#1}" = "$3" ] || no 'its shell changes the words that are sent to it; it must read quotes as a POSIX shell does'
lacks=''
for tool in cat chmod chown date dd grep head id ln ls mkdir mktemp mv readlink rm sha256sum sleep stat sync tail tr; do
  command -v "$tool" >/dev/null 2>&1 || lacks="$lacks $tool"
done
stat -c %s / >/dev/null 2>&1 || lacks="$lacks stat -c"
[ -z "$lacks" ] || no "these are not there:$lacks"
misses=''
for tool in setsid flock; do
  command -v "$tool" >/dev/null 2>&1 || misses="$misses $tool"
done
command -v curl >/dev/null 2>&1 || command -v wget >/dev/null 2>&1 || misses="$misses curl"
# Access lists of files are kept by GNU's cp, or by the tools of acl.
if ! cp --attributes-only --preserve=all -- /dev/null /dev/null 2>&1 | grep -q 'are the same file'; then
  command -v getfacl >/dev/null 2>&1 && command -v setfacl >/dev/null 2>&1 || misses="$misses setfacl"
fi
printf 'ok %s\n' "$(id -un 2>/dev/null || id -u)$misses"
